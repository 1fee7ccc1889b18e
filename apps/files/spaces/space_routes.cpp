// Pages of team spaces: a form to make one, and one page for what may be done with it.
#include "files/spaces/spaces.hpp"

#include "files/files_routes.hpp"
#include "files/spaces/space_deeds.hpp"
#include "sharing/share.hpp"

namespace preau::files {
namespace {

GroupChoiceView choice_of(const identity::Group& group, const NewSpace& typed) {
    return {.id = to_text(group.id),
            .name = group.name,
            .icon = group.kind == "class" ? "school" : "users",
            .chosen = std::ranges::any_of(
                typed.members, [&](const auto& member) { return member.first == preau::subject(group.id); })};
}

Task<http::Response> show_new(Files& files, http::Request& request, NewSpace typed, std::optional<Error> error) {
    struct Found {
        Side side;
        std::vector<identity::Group> groups;
    };
    auto found = co_await files.db.read([viewer = sharing::viewer(request), now = files.world.clock.now()](db::Tx& tx) {
        return Found{.side = find_side(tx, viewer, now), .groups = identity::groups_of(tx, viewer.person)};
    });
    const auto& words = words_of(request);
    NewSpaceView view{.side = side_view(found.side, At::Elsewhere),
                      .title = typed.title,
                      .has_error = error.has_value(),
                      .has_groups = !found.groups.empty(),
                      .may_view = typed.role == Role::View,
                      .may_edit = typed.role == Role::Edit,
                      .may_manage = typed.role == Role::Manage};
    if (error) view.title_error = words.message(*error);
    for (const auto& group : found.groups) view.groups.push_back(choice_of(group, typed));
    co_return files.pages.page(shell_of(request, words.text("files.new_space")), "files/spaces/new_space_page.html",
                               view, error ? http::status_of(error->kind) : 200);
}

Task<http::Response> get_new(Files& files, http::Request& request) { return show_new(files, request, {}, {}); }

NewSpace typed_in(const http::Form& form) {
    NewSpace typed{.title = std::string{form.value("title")}};
    if (form.value("role") == "view") typed.role = Role::View;
    if (form.value("role") == "manage") typed.role = Role::Manage;
    for (const auto& [name, value] : form.fields)
        if (auto id = parse_id<GroupId>(value); name == "group" && id)
            typed.members.emplace_back(preau::subject(*id), typed.role);
    return typed;
}

Task<http::Response> post_new(Files& files, http::Request& request) {
    auto form = request.form();
    if (!form) co_return refused(files, request, form.error());
    auto typed = typed_in(*form);
    auto made = co_await make_space(files, sharing::viewer(request), typed);
    if (!made) co_return co_await show_new(files, request, std::move(typed), made.error());
    co_return http::redirect("/files/" + to_text(made->id));
}

struct Tried { // what was just posted and refused
    std::string title;
    std::optional<Error> error;
};

std::string may_text(const web::Locale& words, Role role) {
    if (role >= Role::Manage) return words.text("files.you_manage_space");
    return words.text(role >= Role::Edit ? "files.you_edit_space" : "files.you_view_space");
}

Task<http::Response> show_space(Files& files, http::Request& request, Tried tried) {
    struct Found {
        sharing::Standing standing;
        Side side;
    };
    auto reader = reader_of(files, request);
    auto found = co_await files.db.read(
        [id = item_in(request), viewer = sharing::viewer(request), now = reader.now](db::Tx& tx) -> Result<Found> {
            auto standing = sharing::standing(tx, viewer, id, now);
            auto item = TRY(sharing::allow(standing, Action::View));
            if (item.kind != sharing::team_kind) return fail(Error::Kind::Invalid, "sharing.not_a_team");
            return Found{.standing = std::move(standing), .side = find_side(tx, viewer, now)};
        });
    if (!found) co_return refused(files, request, found.error());
    const auto& words = reader.locale;
    const auto& space = *found->standing.item;
    SpaceView view{.side = side_view(found->side, At::Elsewhere, space.id),
                   .id = to_text(space.id),
                   .title = space.title,
                   .typed_title = space.title,
                   .may = may_text(words, found->standing.role),
                   .may_manage = found->standing.role >= Role::Manage,
                   .trashed = space.trashed_at.has_value()};
    if (space.trashed_at)
        view.trashed_text = words.text("files.space_trashed",
                                       {{"when", words.ago(*space.trashed_at, reader.now, reader.zone)},
                                        {"until", words.date(*space.trashed_at + sharing::team_kept, reader.zone)}});
    if (tried.error && tried.error->field == "title") {
        view.has_error = true;
        view.title_error = words.message(*tried.error);
        view.typed_title = tried.title;
    } else if (tried.error) {
        view.has_problem = true;
        view.problem = words.message(*tried.error);
    }
    co_return files.pages.page(shell_of(request, space.title), "files/spaces/space_page.html", view,
                               tried.error ? http::status_of(tried.error->kind) : 200);
}

Task<http::Response> get_space(Files& files, http::Request& request) { return show_space(files, request, {}); }

// Where the refusal belongs on the page of the space, it is shown there; who may not see the space is told as always.
Task<http::Response> answer(Files& files, http::Request& request, Result<void> done, std::string there, Tried tried) {
    if (done) co_return http::redirect(there);
    const auto kind = done.error().kind;
    if (kind != Error::Kind::Conflict && kind != Error::Kind::Invalid) co_return refused(files, request, done.error());
    tried.error = done.error();
    co_return co_await show_space(files, request, std::move(tried));
}

Task<http::Response> post_rename_space(Files& files, http::Request& request) {
    auto form = request.form();
    if (!form) co_return refused(files, request, form.error());
    auto title = std::string{form->value("title")};
    auto done = co_await rename_space(files, sharing::viewer(request), item_in(request), title);
    auto told = done ? Result<void>{} : std::unexpected(done.error());
    co_return co_await answer(files, request, told, "/files/spaces/" + to_text(item_in(request)), {.title = title});
}

Task<http::Response> post_leave_space(Files& files, http::Request& request) {
    auto done = co_await leave_space(files, sharing::viewer(request), item_in(request));
    co_return co_await answer(files, request, done, "/files", {});
}

Task<http::Response> post_trash_space(Files& files, http::Request& request) {
    auto done = co_await trash_space(files, sharing::viewer(request), item_in(request));
    auto told = done ? Result<void>{} : std::unexpected(done.error());
    co_return co_await answer(files, request, told, "/files/spaces/" + to_text(item_in(request)), {});
}

Task<http::Response> post_restore_space(Files& files, http::Request& request) {
    auto done = co_await restore_space(files, sharing::viewer(request), item_in(request));
    auto told = done ? Result<void>{} : std::unexpected(done.error());
    co_return co_await answer(files, request, told, "/files/" + to_text(item_in(request)), {});
}

} // namespace

Task<Result<sharing::Item>> make_space(Files& files, Viewer viewer, NewSpace space) {
    constexpr std::size_t most_members = 200;
    if (space.members.size() > most_members) co_return fail(Error::Kind::Invalid, "sharing.too_many");
    co_return co_await files.db.write(
        db::lane_of(viewer.person), [&files, viewer, space](db::Tx& tx) -> Result<sharing::Item> {
            auto team = TRY(sharing::create_team(tx, files.world, viewer, space.title));
            for (const auto& [member, role] : space.members)
                TRY(sharing::give(tx, files.world, viewer, team.id, {.to = member, .role = role}));
            return team;
        });
}

Task<Result<sharing::Item>> rename_space(Files& files, Viewer viewer, ItemId space, std::string title) {
    co_return co_await files.db.write(db::lane_of(space), [&files, viewer, space, title](db::Tx& tx) {
        return sharing::rename_team(tx, files.world, viewer, space, title);
    });
}

Task<Result<void>> leave_space(Files& files, Viewer viewer, ItemId space) {
    co_return co_await files.db.write(db::lane_of(space), [&files, viewer, space](db::Tx& tx) {
        return sharing::leave_team(tx, files.world, viewer, space);
    });
}

Task<Result<sharing::Item>> trash_space(Files& files, Viewer viewer, ItemId space) {
    co_return co_await files.db.write(db::lane_of(space), [&files, viewer, space](db::Tx& tx) {
        return sharing::trash_team(tx, files.world, viewer, space);
    });
}

Task<Result<sharing::Item>> restore_space(Files& files, Viewer viewer, ItemId space) {
    co_return co_await files.db.write(db::lane_of(space), [&files, viewer, space](db::Tx& tx) {
        return sharing::restore_team(tx, files.world, viewer, space);
    });
}

void space_routes(http::Router& router, Files& files) {
    using enum http::Access;
    using enum http::Rate;
    constexpr std::size_t body = 16 * 1024;
    router.get("/files/spaces/new", {.access = Member, .body_limit = 0, .rate = Read},
               [&files](http::Request& request) { return get_new(files, request); });
    router.post("/files/spaces/new", {.access = Member, .body_limit = body, .rate = Write},
                [&files](http::Request& request) { return post_new(files, request); });
    router.get("/files/spaces/{id}", {.access = Member, .body_limit = 0, .rate = Read},
               [&files](http::Request& request) { return get_space(files, request); });
    router.post("/files/spaces/{id}/rename", {.access = Member, .body_limit = body, .rate = Write},
                [&files](http::Request& request) { return post_rename_space(files, request); });
    router.post("/files/spaces/{id}/leave", {.access = Member, .body_limit = body, .rate = Write},
                [&files](http::Request& request) { return post_leave_space(files, request); });
    router.post("/files/spaces/{id}/trash", {.access = Member, .body_limit = body, .rate = Write},
                [&files](http::Request& request) { return post_trash_space(files, request); });
    router.post("/files/spaces/{id}/restore", {.access = Member, .body_limit = body, .rate = Write},
                [&files](http::Request& request) { return post_restore_space(files, request); });
}

} // namespace preau::files
