// Words, icons and addresses for what folder_service found. No queries here.
#include "base/text.hpp"
#include "files/folder/folder_service.hpp"
#include "files/upload/media_type.hpp"
#include "sharing/share.hpp"

#include <charconv>

namespace preau::files {
namespace {

std::vector<CrumbView> crumbs(const std::vector<sharing::Item>& path, bool own, const web::Locale& locale) {
    std::vector<CrumbView> views;
    for (const auto& item : path)
        views.push_back({.id = to_text(item.id),
                         .name = title_of(item, own, locale),
                         .href = own && item.kind == "space" ? "/files" : "/files/" + to_text(item.id)});
    return views;
}

std::string copying_words(const store::CopyMark& mark, const web::Locale& words) {
    return words.text("files.copying_on",
                      {{"done", words.number(mark.done)}, {"total", words.number(std::max(mark.done, mark.total))}});
}

// What is neither file nor folder of ours: a poll, or a shortcut with the icon of what it leads this reader to.
void look_of_others(RowView& view, const sharing::ChildRow& row, const Listing& listing, const Reader& reader) {
    const auto kind_of = [&](std::string_view kind) {
        return reader.kinds ? reader.kinds->of(kind) : sharing::Kind{.icon = "file"};
    };
    auto kind = kind_of(row.kind);
    if (!kind.words.empty()) view.size = reader.locale.text(kind.words);
    if (auto led = listing.shortcuts.find(row.id); led != listing.shortcuts.end()) {
        view.is_shortcut = true;
        if (led->second.state == sharing::ShortcutTarget::State::Open) kind = kind_of(led->second.kind);
    }
    view.icon = std::string{kind.icon_of(row.title)};
    if (!kind.app.empty()) view.hue = kind.app;
    if (view.is_shortcut && kind.icon_by_title) view.hue = std::string{media_type_of(row.title).hue};
}

RowView row_view(const sharing::ChildRow& row, const Listing& listing, const Reader& reader) {
    const auto& words = reader.locale;
    const auto role = listing.role_on(row.id);
    RowView view{.id = to_text(row.id),
                 .name = row.title,
                 .href = "/files/" + to_text(row.id),
                 .icon = "folder",
                 .hue = "files",
                 .is_file = row.kind == "file",
                 .is_handin = row.kind == "handin",
                 .may_edit = role >= Role::Edit,
                 .may_manage = role >= Role::Manage,
                 .revision = row.revision,
                 .modified = words.ago(row.changed_at, reader.now, reader.zone),
                 .actions = words.text("files.actions_for", {{"name", row.title}})};
    if (auto mark = listing.copying.find(row.id); mark != listing.copying.end())
        view.copying = copying_words(mark->second, words);
    if (auto audience = listing.audiences.find(row.id); audience != listing.audiences.end()) {
        view.audience = audience_chip(audience->second, reader, row.id, view.may_manage);
        if (view.may_manage && !audience->second.own_families.empty())
            view.see_as = sharing::text_of(families(audience->second.own_families.front()));
    }
    auto count = listing.counts.contains(row.id) ? listing.counts.at(row.id) : 0;
    if (view.is_file) {
        const auto& type = media_type_of(row.title);
        view.icon = type.icon;
        view.hue = type.hue;
        if (auto file = listing.files.find(row.id); file != listing.files.end())
            view.size = words.size(file->second.size);
    } else if (view.is_handin) {
        view.icon = "inbox";
        view.badge = words.plural("files.deposits", count);
    } else if (!is_container(row.kind)) {
        look_of_others(view, row, listing, reader);
    } else {
        view.size = words.plural("files.elements", count);
    }
    return view;
}

// Allowed here, but on the computer of many a colleague the one would replace the other. French order puts such names
// side by side, so looking at neighbours is enough.
std::vector<AlikeView> alike_names(const std::vector<sharing::ChildRow>& rows, const web::Locale& locale) {
    std::vector<AlikeView> alike;
    std::string before;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto folded = fold_case(rows[i].title);
        if (i > 0 && folded == before)
            alike.push_back({locale.text("files.alike", {{"one", rows[i - 1].title}, {"other", rows[i].title}})});
        before = std::move(folded);
    }
    return alike;
}

// One's own space, or the team's that it stands in; what lies in somebody else's has no place in the column.
SideView side_of(const Side& side, bool own, const sharing::Item& item, const std::vector<sharing::Item>& path) {
    return side_view(side, own ? At::Own : At::Elsewhere, path.empty() ? item.id : path.front().id);
}

std::optional<LookView> look_of(std::string_view type) {
    auto shown = shown_as(type);
    if (shown.empty()) return std::nullopt;
    return LookView{.picture = shown.starts_with("image/"),
                    .document = shown == "application/pdf" || shown.starts_with("text/"),
                    .sound = shown.starts_with("audio/"),
                    .film = shown.starts_with("video/")};
}

} // namespace

std::string title_of(const sharing::Item& item, bool own, const web::Locale& locale) {
    return own && item.kind == "space" ? locale.text("files.my_files") : item.title;
}

ChipView audience_chip(const sharing::Audience& audience, const Reader& reader, ItemId item, bool may_manage) {
    auto chip = sharing::chip_of(reader.locale, audience);
    return {.text = std::move(chip.text),
            .icon = std::move(chip.icon),
            .href = "/share/" + to_text(item),
            .opens = may_manage};
}

std::vector<RowView> folder_rows(const Listing& listing, const Reader& reader) {
    std::vector<RowView> rows;
    rows.reserve(listing.rows.size());
    for (const auto& row : listing.rows) rows.push_back(row_view(row, listing, reader));
    return rows;
}

FolderView folder_view(const Listing& listing, const Reader& reader) {
    const auto& folder = listing.folder;
    bool own_space = listing.own && folder.kind == "space";
    FolderView view{.id = to_text(folder.id),
                    .title = title_of(folder, listing.own, reader.locale),
                    .here = own_space ? "/files" : "/files/" + to_text(folder.id),
                    .path = crumbs(listing.path, listing.own, reader.locale),
                    .is_handin = folder.kind == "handin",
                    .may_edit = listing.role >= Role::Edit,
                    .may_manage = listing.role >= Role::Manage,
                    .renamable = folder.parent && listing.role >= Role::Edit,
                    .in_own = listing.own,
                    .is_own_space = own_space,
                    .empty = listing.rows.empty(),
                    .has_space_settings = folder.kind == sharing::team_kind};
    view.audience = audience_chip(listing.audience, reader, folder.id, view.may_manage);
    view.rows = folder_rows(listing, reader);
    view.side = side_of(listing.side, listing.own, folder, listing.path);
    if (auto mark = listing.copying.find(folder.id); mark != listing.copying.end())
        view.copying = CopyingView{.text = copying_words(mark->second, reader.locale),
                                   .done = mark->second.done,
                                   .total = std::max(mark->second.done, mark->second.total)};
    if (view.may_edit) view.alike = alike_names(listing.rows, reader.locale);
    if (listing.next) {
        view.has_next = true;
        view.next = view.here + "?after=" + key_text(*listing.next);
    }
    return view;
}

FileView file_view(const FileListing& listing, const Reader& reader) {
    const auto& type = media_type_of(listing.item.title);
    bool may_manage = listing.role >= Role::Manage;
    auto here = "/files/" + to_text(listing.item.id);
    return {.id = to_text(listing.item.id),
            .title = listing.item.title,
            .path = crumbs(listing.path, listing.own, reader.locale),
            .icon = std::string{type.icon},
            .hue = std::string{type.hue},
            .size = reader.locale.size(listing.file.size),
            .type = listing.file.type,
            .modified = reader.locale.date_time(listing.file.mtime, reader.zone),
            .sha256 = listing.file.sha256,
            .look = look_of(listing.file.type),
            .audience = audience_chip(listing.audience, reader, listing.item.id, may_manage),
            .may_edit = listing.role >= Role::Edit,
            .may_manage = may_manage,
            .in_own = listing.own,
            .side = side_of(listing.side, listing.own, listing.item, listing.path),
            .comments = sharing::comments_view(listing.comments, here, reader.locale, reader.zone, reader.now),
            .activity = listing.activity
                            ? sharing::activity_view(*listing.activity, reader.locale, reader.zone, reader.now)
                            : sharing::ActivityView{}};
}

std::string key_text(const sharing::ChildKey& key) {
    auto text = to_text(key.id) + "." + base64url(key.sort);
    if (key.number != 0 || !key.ending.empty()) text += "." + std::to_string(key.number) + "." + base64url(key.ending);
    return text;
}

Result<sharing::ChildKey> parse_key(std::string_view text) {
    if (text.empty()) return sharing::ChildKey{};
    const auto malformed = fail(Error::Kind::Malformed, "files.page_key");
    const auto parts = split(text, '.');
    if (parts.size() != 2 && parts.size() != 4) return malformed;
    auto id = parse_id<ItemId>(parts[0]);
    auto sort = base64url_decode(parts[1]);
    if (!id || !sort || !valid_utf8(*sort)) return malformed;
    sharing::ChildKey key{.sort = *std::move(sort), .id = *id};
    if (parts.size() == 2) return key;
    auto ending = base64url_decode(parts[3]);
    const auto* end = parts[2].data() + parts[2].size();
    auto [stop, problem] = std::from_chars(parts[2].data(), end, key.number);
    if (!ending || !valid_utf8(*ending) || problem != std::errc{} || stop != end) return malformed;
    key.ending = *std::move(ending);
    return key;
}

} // namespace preau::files
