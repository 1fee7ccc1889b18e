// `preau import structures.csv people.csv classes.csv`: the same plan and the same brake as the page /admin/import.
#include "installation.hpp"
#include "order.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "identity/import.hpp"
#include "portal/portal.hpp"
#include "sharing/tree.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <sstream>

namespace preau::server {
namespace {

constexpr std::uintmax_t largest_file = 512ULL << 20;

using identity::ImportReport;

std::expected<std::string, std::string> bytes_of(const std::string& path) {
    std::error_code problem;
    auto size = std::filesystem::file_size(path, problem);
    if (problem) return std::unexpected(fmt::format("{} cannot be read: {}", path, problem.message()));
    if (size > largest_file) return std::unexpected(fmt::format("{} is larger than 512 MB", path));
    std::ifstream stream{path, std::ios::binary};
    std::ostringstream text;
    text << stream.rdbuf();
    if (!stream) return std::unexpected(fmt::format("{} cannot be read: check its permissions", path));
    return text.str();
}

// "people.csv", "2026-09-people.csv": what a list holds is said by its name.
std::expected<identity::ImportFiles, std::string> read_files(const std::vector<std::string>& paths) {
    identity::ImportFiles files;
    for (const auto& path : paths) {
        const auto name = to_lower_ascii(std::filesystem::path{path}.filename().string());
        auto* place = name.contains("structures") ? &files.structures
                      : name.contains("people")   ? &files.people
                      : name.contains("classes")  ? &files.classes
                                                  : nullptr;
        if (!place)
            return std::unexpected(
                fmt::format("{}: the file's name must hold the word structures, people or classes", path));
        if (*place) return std::unexpected(fmt::format("{}: there are two lists of this kind", path));
        auto bytes = bytes_of(path);
        if (!bytes) return std::unexpected(bytes.error());
        *place = std::move(*bytes);
    }
    return files;
}

std::string words(const std::string& key, const std::string& value) {
    return web::Locale::of(web::Language::English).text(key, {{"value", value}});
}

std::string counted(std::string_view kind, const identity::ImportCount& count) {
    return fmt::format("{:<12}{:>9} new {:>9} changed {:>9} ended {:>9} unchanged {:>9} refused\n", kind, count.begins,
                       count.changes, count.ends, count.unchanged, count.refused);
}

std::string told(const identity::ImportDifference& difference) {
    auto line = fmt::format("  {} {} {} {}", difference.what, difference.kind, difference.key, difference.name);
    if (difference.line) line += fmt::format(" (line {})", difference.line);
    if (!difference.reason.empty()) line += ": " + words(difference.reason, difference.value);
    line += '\n';
    for (const auto& field : difference.fields)
        line += field.before.empty() ? fmt::format("      {}: {}\n", field.name, field.after)
                                     : fmt::format("      {}: {} → {}\n", field.name, field.before, field.after);
    return line;
}

std::string told(const ImportReport& report) {
    auto text = counted("structures", report.structures) + counted("people", report.people) +
                counted("classes", report.classes);
    for (const auto& difference : report.differences) text += told(difference);
    if (report.mistakes_in_all) text += fmt::format("{} lines could not be read:\n", report.mistakes_in_all);
    for (const auto& mistake : report.mistakes)
        text += fmt::format("  {} list, line {}, column {}: {}\n", mistake.kind, mistake.line, mistake.column,
                            words(mistake.reason, mistake.value));
    for (const auto& kind : report.kept)
        text += fmt::format("Nothing ends in the {} list while lines of it cannot be read.\n", kind);
    return text;
}

std::string told(const std::vector<identity::ImportBrake>& brakes) {
    std::string text =
        "nothing was imported, because too much would end at once (more than 5 % and more than 20 of one "
        "kind in one structure with all below it):\n";
    for (const auto& brake : brakes)
        text += fmt::format("  {}: {} of {} in {}\n", brake.kind, brake.ends, brake.of,
                            brake.structure.empty() ? "the whole list" : brake.structure);
    return text + "Look at the lists with --dry-run. In September, --rentree lets classes and their memberships end";
}

} // namespace

Outcome import_lists(Site& site, const Order& order) {
    auto files = read_files(order.files);
    if (!files) return failed(files.error());
    const identity::ImportOptions options{.source = order.source.empty() ? "import" : order.source,
                                          .rentree = order.rentree};
    auto plan = site.db->read_now([&](db::Tx& tx) {
        // Handed out by pointer: an answer of the database is copied, a plan is not.
        auto made = identity::plan_import(tx, *files, options);
        if (!made) return std::make_shared<Result<identity::ImportPlan>>(std::unexpected(made.error()));
        return std::make_shared<Result<identity::ImportPlan>>(std::move(*made));
    });
    if (!*plan) return failed(plan->error());
    const auto planned = (*plan)->report();
    if (!planned.may_go_on()) return failed(told(planned.brakes));
    if (order.dry_run) return done(told(planned) + "Nothing was changed.\n");
    auto report = sync_wait(identity::carry_out_import(*site.db, site.clock, site.ids, std::move(**plan),
                                                       portal::import_hooks(site.world)));
    if (!report) return failed(report.error());
    site.identity.forget_all();
    site.db->write_now([&site, count = report->changes()](db::Tx& tx) {
        sharing::record_event(tx, site.world, Viewer{}, "admin.imported", {}, fmt::format("{{\"count\":{}}}", count));
    });
    return done(told(*report));
}

} // namespace preau::server
