// /admin/import: lists are sent, a job examines them, the differences are shown, somebody confirms, a job carries them
// out while the page shows how far it is. The same plan and brake as `preau import` (identity/import.hpp).
#pragma once

#include "base/describe.hpp"
#include "identity/import_run.hpp"
#include "portal/admin/admin.hpp"

namespace preau::portal {

struct ImportRunLine {
    std::string id, when, state, source;
};
PREAU_DESCRIBE(ImportRunLine, id, when, state, source)

struct ImportFormView {
    AdminSide side{.imports = true};
    std::string source, problem;
    std::vector<ImportRunLine> runs;
    bool some = false;
};
PREAU_DESCRIBE(ImportFormView, side, source, problem, runs, some)

struct ImportCountLine {
    std::string kind, begins, changes, ends, unchanged, refused;
};
PREAU_DESCRIBE(ImportCountLine, kind, begins, changes, ends, unchanged, refused)

struct ImportFieldLine {
    std::string name, before, after;
    bool was = false;
};
PREAU_DESCRIBE(ImportFieldLine, name, before, after, was)

struct ImportDifferenceLine {
    std::string key, name, where, reason;
    std::vector<ImportFieldLine> fields;
};
PREAU_DESCRIBE(ImportDifferenceLine, key, name, where, reason, fields)

struct ImportGroup { // differences of one kind and what
    std::string heading;
    bool open = false;
    std::vector<ImportDifferenceLine> lines;
};
PREAU_DESCRIBE(ImportGroup, heading, open, lines)

struct ImportText {
    std::string text;
};
PREAU_DESCRIBE(ImportText, text)

struct ImportRunView {
    AdminSide side{.imports = true};
    std::string id, heading, note, problem;
    bool working = false;     // the page looks again by itself
    bool importing = false;   // with a bar
    std::string done, total, progress;
    bool counted = false;
    std::vector<ImportCountLine> counts;
    std::vector<ImportGroup> groups;
    bool braked = false;
    std::vector<ImportText> brakes;
    bool unread = false;
    std::string unread_count;
    std::vector<ImportText> mistakes, kept;
    bool may_confirm = false, may_rentree = false;
    std::string confirm; // "Importer 216 changements"
};
PREAU_DESCRIBE(ImportRunView, side, id, heading, note, problem, working, importing, done, total, progress, counted,
               counts, groups, braked, brakes, unread, unread_count, mistakes, kept, may_confirm, may_rentree, confirm)

ImportRunView import_run_view(const web::Locale& locale, const identity::ImportRun& run);
std::string import_state_words(const web::Locale& locale, identity::ImportRun::State state);

void install_import(Portal& portal); // its jobs: before jobs.start()
void preload_import(web::Pages& pages);
void import_routes(http::Router& routes, Portal& portal);

} // namespace preau::portal
