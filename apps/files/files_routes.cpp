#include "files/files_routes.hpp"

#include "base/text.hpp"

namespace preau::files {

ItemId item_in(const http::Request& request, std::string_view parameter) {
    return parse_id<ItemId>(request.parameter(parameter)).value_or(ItemId{});
}

const web::Locale& words_of(const http::Request& request) { return web::Locale::of(sharing::language(request)); }

Reader reader_of(const Files& files, const http::Request& request) {
    return {.locale = words_of(request),
            .zone = sharing::viewer(request).zone,
            .now = files.world.clock.now(),
            .kinds = &files.kinds};
}

web::Shell shell_of(const http::Request& request, std::string title, std::string component) {
    auto shell = sharing::shell(request, std::move(title));
    shell.section = "files";
    shell.component = std::move(component);
    return shell;
}

http::Response refused(const Files& files, const http::Request& request, const Error& error) {
    bool hidden = error.kind == Error::Kind::NotFound || error.kind == Error::Kind::Forbidden;
    // The second origin has no door to be shown to: there the address itself says who asks.
    if (hidden && !request.content_origin && sharing::viewer(request).kind == Viewer::Kind::Stranger) {
        if (!sharing::read_passes(request, files.identity).links.empty())
            return files.gate.refusal(request, {.kind = Error::Kind::Gone, .key = "files.link_ended"});
        if (request.method == http::Method::Get && !request.wants_json())
            return http::redirect("/signin?to=" + percent_encode(request.target));
        return files.gate.refusal(request, {.kind = Error::Kind::Unauthenticated, .key = "files.sign_in"});
    }
    return files.gate.refusal(request, error);
}

ItemJson item_json(const Files& files, const sharing::Item& item, const FileRow* file) {
    ItemJson json{.id = item.id,
                  .kind = item.kind,
                  .name = item.title,
                  .url = files.kinds.address(item.kind, item.id),
                  .revision = item.revision,
                  .changed_at = item.changed_at};
    if (file) {
        json.size = file->size;
        json.type = file->type;
        json.sha256 = file->sha256;
    }
    return json;
}

} // namespace preau::files
