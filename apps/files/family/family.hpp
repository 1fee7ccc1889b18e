// The page of a shared folder for somebody without account: what is there to take home, and the form to hand in.
#pragma once

#include "files/folder/folder.hpp"

namespace preau::files {

struct Host { // who shares, and for which school: the family has to recognise both
    std::string teacher;
    std::string school;
    std::string zone;
};
PREAU_DESCRIBE(Host, teacher, school, zone)

struct FamilyFolder {
    sharing::Item item;
    bool may_view = false;
    bool may_deposit = false;
    bool may_comment = false;
    std::optional<Millis> until; // of the grant that opened this page
    Host host;
    std::vector<sharing::Item> path; // only inside what is shared
    std::vector<sharing::ChildRow> rows;
    std::optional<sharing::ChildKey> next;
    std::map<ItemId, FileRow> files;
    std::map<ItemId, std::int64_t> counts;
};

struct FamilyRowView {
    std::string name;
    std::string href;
    std::string icon;
    std::string hue;
    std::string detail; // "4,2 Mo", "3 éléments"
    bool folder = false;
};
PREAU_DESCRIBE(FamilyRowView, name, href, icon, hue, detail, folder)

struct FamilyView {
    std::string id;
    std::string title;
    std::string teacher;
    bool has_teacher = false;
    std::vector<CrumbView> path;
    bool has_path = false;
    std::vector<FamilyRowView> rows;
    bool may_view = false;
    bool empty = false;
    bool may_take_all = false; // a folder with something in it, as one archive
    bool has_next = false;
    std::string next;
    bool may_deposit = false;
    bool may_comment = false;
    std::string name; // as typed, or as given on entry
    bool has_problem = false;
    std::string problem;
    bool has_until = false;
    std::string until; // "12 septembre 2026"
    // For the script, which says the same while the bytes travel.
    std::string largest; // bytes of one file
};
PREAU_DESCRIBE(FamilyView, id, title, teacher, has_teacher, path, has_path, rows, may_view, empty, may_take_all,
               has_next, next, may_deposit, may_comment, name, has_problem, problem, has_until, until, largest)

// Errors: sharing.item for who may neither see nor hand in.
Result<FamilyFolder> family_folder(db::Tx& tx, const Viewer& viewer, ItemId id, const sharing::ChildKey& after,
                                   Millis now);
FamilyView family_view(const FamilyFolder& folder, const Reader& reader);

} // namespace preau::files

namespace preau::files::store {
Host host_of(db::Tx& tx, ItemId space); // of the person whose space it is
std::optional<ItemId> find_handin(db::Tx& tx, ItemId folder); // still standing in that folder
void remember_handin(db::Tx& tx, ItemId folder, ItemId handin);
} // namespace preau::files::store
