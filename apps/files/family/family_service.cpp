#include "files/family/family.hpp"

#include "files/folder/folder_service.hpp"
#include "files/upload/media_type.hpp"

namespace preau::files {
namespace {

// A shared file is a list of one; a folder is listed by the same service as for people.
Result<void> fill(db::Tx& tx, const Viewer& viewer, const sharing::Standing& standing, const sharing::ChildKey& after,
                  Millis now, FamilyFolder& page) {
    if (page.item.kind == "file") {
        auto shown = TRY(show_file(tx, viewer, standing, now));
        page.path = std::move(shown.path);
        page.rows.push_back({.id = page.item.id, .kind = page.item.kind, .title = page.item.title});
        page.files.emplace(page.item.id, std::move(shown.file));
        return {};
    }
    auto listing = TRY(list_folder(tx, viewer, standing, {.after = after}, now));
    page.path = std::move(listing.path);
    page.rows = std::move(listing.rows);
    page.next = std::move(listing.next);
    page.files = std::move(listing.files);
    page.counts = std::move(listing.counts);
    return {};
}

FamilyRowView row_view(const sharing::ChildRow& row, const FamilyFolder& folder, const Reader& reader) {
    if (row.kind != "file") {
        auto count = folder.counts.contains(row.id) ? folder.counts.at(row.id) : 0;
        return {.name = row.title,
                .href = "/files/" + to_text(row.id),
                .icon = "folder",
                .hue = "files",
                .detail = reader.locale.plural("files.elements", count),
                .folder = true};
    }
    const auto& type = media_type_of(row.title);
    FamilyRowView view{.name = row.title,
                       .href = "/files/" + to_text(row.id) + "/download",
                       .icon = std::string{type.icon},
                       .hue = std::string{type.hue}};
    if (auto file = folder.files.find(row.id); file != folder.files.end())
        view.detail = reader.locale.size(file->second.size);
    return view;
}

} // namespace

Result<FamilyFolder> family_folder(db::Tx& tx, const Viewer& viewer, ItemId id, const sharing::ChildKey& after,
                                   Millis now) {
    auto standing = sharing::standing(tx, viewer, id, now);
    bool may_view = standing.can(Action::View);
    if (!standing.item || standing.trashed || !(may_view || standing.deposit)) return not_found("sharing.item");
    const auto& item = *standing.item;
    FamilyFolder page{.item = item,
                      .may_view = may_view,
                      .may_deposit = standing.deposit && (item.kind == "folder" || item.kind == "space"),
                      .may_comment = standing.can(Action::Comment),
                      .host = store::host_of(tx, item.space)};
    if (!may_view && !page.may_deposit) return not_found("sharing.item");
    if (standing.reason.grant) page.until = standing.reason.grant->until;
    if (may_view) TRY(fill(tx, viewer, standing, after, now, page));
    return page;
}

FamilyView family_view(const FamilyFolder& folder, const Reader& reader) {
    FamilyView view{.id = to_text(folder.item.id),
                    .title = folder.item.title,
                    .teacher = folder.host.teacher,
                    .has_teacher = !folder.host.teacher.empty(),
                    .may_view = folder.may_view,
                    .empty = folder.rows.empty(),
                    .may_take_all = folder.may_view && folder.item.kind != "file" && !folder.rows.empty(),
                    .may_deposit = folder.may_deposit,
                    .may_comment = folder.may_comment,
                    .has_until = folder.until.has_value()};
    for (const auto& above : folder.path)
        view.path.push_back({.name = above.title, .href = "/files/" + to_text(above.id)});
    view.has_path = !view.path.empty();
    for (const auto& row : folder.rows) view.rows.push_back(row_view(row, folder, reader));
    if (folder.next) {
        view.has_next = true;
        view.next = "/files/" + view.id + "?after=" + key_text(*folder.next);
    }
    if (folder.until) // midnight ends the day before: as the sharing dialog says it
        view.until = reader.locale.date(*folder.until - 1, folder.host.zone);
    return view;
}

} // namespace preau::files
