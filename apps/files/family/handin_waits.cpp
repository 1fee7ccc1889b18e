#include "files/family/handin_waits.hpp"

#include "sharing/access.hpp"
#include "web/locale.hpp"

namespace preau::files {
namespace {

constexpr int most_lines = 6; // the home page is no list: the rest comes when these were looked at

} // namespace

void handins_arrived(db::Tx& tx, const sharing::Item& shared, ItemId handin, std::int64_t files, Millis now) {
    if (shared.owner) store::add_handin_wait(tx, shared.owner, handin, files, now);
}

bool handins_wait(db::Tx& tx, const Viewer& viewer, ItemId handin) {
    return viewer.is_person() && store::has_handin_wait(tx, viewer.person, handin);
}

void handins_seen(db::Tx& tx, PersonId person, ItemId handin) { store::delete_handin_wait(tx, person, handin); }

std::vector<sharing::Waits> waiting_handins(db::Tx& tx, const Viewer& viewer, const web::Locale& locale, Millis now) {
    std::vector<sharing::Waits> lines;
    if (!viewer.is_person()) return lines;
    const auto waits = store::handin_waits(tx, viewer.person, most_lines);
    std::vector<ItemId> ids;
    for (const auto& wait : waits) ids.push_back(wait.handin);
    const auto reached = sharing::reaches(tx, viewer, ids, now);
    for (std::size_t i = 0; i < waits.size(); ++i) {
        // Given to another team since, or thrown away.
        if (reached[i].role < Role::View || reached[i].trashed) continue;
        const auto& wait = waits[i];
        lines.push_back(
            {.title = locale.plural("files.waits_handins", wait.arrived, {{"folder", wait.folder}}),
             .detail = locale.text("files.waits_latest", {{"when", locale.ago(wait.latest_at, now, viewer.zone)}}),
             .href = "/files/" + to_text(wait.handin),
             .icon = "inbox",
             .hue = "files"});
    }
    return lines;
}

} // namespace preau::files
