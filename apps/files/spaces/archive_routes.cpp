// /files/archives: the spaces of classes whose school year has ended, to read. They leave the side column, where one
// works, and are not lost.
#include "files/files_routes.hpp"
#include "files/spaces/spaces.hpp"

namespace preau::files {
namespace {

Task<http::Response> show_archives(Files& files, http::Request& request) {
    auto side = co_await files.db.read([viewer = sharing::viewer(request), now = files.world.clock.now()](db::Tx& tx) {
        return find_side(tx, viewer, now);
    });
    ArchivesView view{.side = side_view(side, At::Archives), .empty = side.archives.empty()};
    for (const auto& team : side.archives) view.spaces.push_back({team.title, "/files/" + to_text(team.id)});
    co_return files.pages.page(shell_of(request, words_of(request).text("files.archives")),
                               "files/spaces/archives_page.html", view);
}

} // namespace

void archive_routes(http::Router& router, Files& files) {
    router.get("/files/archives", {.access = http::Access::Member, .body_limit = 0, .rate = http::Rate::Read},
               [&files](http::Request& request) { return show_archives(files, request); });
}

} // namespace preau::files
