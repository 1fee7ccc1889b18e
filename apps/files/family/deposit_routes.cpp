// The form of the family's page. One plain multipart post carries everything, so that it works on a phone of ten years
// ago with script blocked; the bytes go to disk as they come.
#include "base/text.hpp"
#include "files/family/deposit_service.hpp"
#include "files/files_routes.hpp"
#include "http/multipart.hpp"
#include "sharing/routes.hpp"

#include <fmt/core.h>

namespace preau::files {
namespace {

struct Typed { // the form as it comes back when something is wrong
    std::string name;
    std::optional<Error> error;
};

Task<http::Response> family_page(Files& files, http::Request& request, ItemId id, Typed typed) {
    auto reader = reader_of(files, request);
    auto viewer = sharing::viewer(request);
    auto after = parse_key(request.query("after"));
    if (!after) co_return refused(files, request, after.error());
    auto folder = co_await files.db.read(
        [viewer, id, key = *after, now = reader.now](db::Tx& tx) { return family_folder(tx, viewer, id, key, now); });
    if (!folder) co_return refused(files, request, folder.error());
    auto view = family_view(*folder, reader);
    view.name = typed.error ? typed.name : viewer.name;
    view.largest = std::to_string(files.limits.deposit);
    if (typed.error) {
        view.has_problem = true;
        view.problem = reader.locale.message(*typed.error);
    }
    auto shell = shell_of(request, view.title, view.may_deposit ? "files/family-deposit" : "");
    shell.kind = web::Shell::Kind::Family;
    shell.structure_name = folder->host.school;
    shell.shared_by = folder->host.teacher;
    shell.report = sharing::report_address(folder->item.id);
    co_return files.pages.page(shell, "files/family/family_page.html", view,
                               typed.error ? http::status_of(typed.error->kind) : 200);
}

// What came so far. Unless it was handed in, the bytes go again with it.
struct Basket {
    explicit Basket(blob::BlobStore& store) : blobs{store} {}
    ~Basket() {
        if (!handed_in)
            for (const auto& file : files) blobs.remove(file.stored.locator);
    }
    Basket(const Basket&) = delete;
    Basket& operator=(const Basket&) = delete;

    blob::BlobStore& blobs;
    bool handed_in = false; // or nobody knows: then the sweep decides
    std::string typed_name;
    std::vector<GivenFile> files;
    std::uint64_t bytes = 0;
    Room room; // of the space it goes to
};

Task<Result<std::size_t>> pull_part(http::MultipartReader* parts, std::span<std::byte> buffer) {
    co_return co_await parts->read(buffer);
}

Task<Result<void>> take_file(Files& files, http::MultipartReader* parts, std::string name, Basket* basket) {
    if (basket->files.size() == static_cast<std::size_t>(files.limits.files_at_once))
        co_return fail(Error::Kind::TooLarge, "files.too_many");
    auto checked = check_name(base_name(name), "files");
    if (!checked) co_return std::unexpected(checked.error());
    auto form_left = files.limits.deposits - basket->bytes;
    auto stored =
        co_await receive(files.blobs, [parts](std::span<std::byte> buffer) { return pull_part(parts, buffer); },
                         std::min(files.limits.deposit, form_left), basket->room, {});
    if (!stored) co_return std::unexpected(as_deposit(stored.error()));
    basket->bytes += static_cast<std::uint64_t>(stored->size);
    basket->room.left -= stored->size;
    basket->files.push_back({.name = *checked, .stored = *std::move(stored)});
    co_return Result<void>{};
}

// Reads the whole form. The name stands before the files, so a form without one is refused before the bytes come.
Task<Result<void>> take_form(Files& files, http::Request& request, Basket* basket) {
    http::MultipartReader parts{*request.stream, request.headers.find("content-type")};
    for (;;) {
        auto part = co_await parts.next();
        if (!part) co_return std::unexpected(part.error());
        if (!*part) break;
        if (!(*part)->filename) {
            if ((*part)->name != "first_name") continue;
            auto text = co_await parts.read_text(1024);
            if (!text) co_return std::unexpected(text.error());
            basket->typed_name = *std::move(text);
            if (auto name = check_first_name(basket->typed_name); !name) co_return std::unexpected(name.error());
        } else if (!(*part)->filename->empty()) {
            auto taken = co_await take_file(files, &parts, *(*part)->filename, basket);
            if (!taken) co_return std::unexpected(taken.error());
        }
    }
    if (basket->files.empty()) co_return invalid("files", "files.choose_a_file");
    co_return Result<void>{};
}

Task<Result<Receipt>> keep_basket(Files& files, Viewer viewer, HandIn given, Basket* basket) {
    // From here an exception leaves the outcome open: the bytes stay until the sweep finds that no row names them.
    basket->handed_in = true;
    auto receipt = co_await files.db.write(db::lane_of(basket->room.space), [&files, viewer, given](db::Tx& tx) {
        return hand_in(tx, files, viewer, given);
    });
    basket->handed_in = receipt.has_value();
    co_return receipt;
}

Task<http::Response> post_deposit(Files& files, http::Request& request) {
    auto id = item_in(request);
    auto viewer = sharing::viewer(request);
    auto stated = request.stream->length();
    auto inside = stated ? std::optional{*stated - std::min(*stated, most_form_overhead)} : std::nullopt;
    auto allowed = co_await files.db.read(
        [&files, viewer, id, inside](db::Tx& tx) { return check_deposit(tx, files, viewer, id, inside); });
    // Said on the page itself: the family did nothing wrong, and the form is still there for a smaller file.
    if (!allowed && allowed.error().kind == Error::Kind::StorageFull)
        co_return co_await family_page(files, request, id, {{}, allowed.error()});
    if (!allowed) co_return refused(files, request, allowed.error());

    Basket basket{files.blobs};
    basket.room = *allowed;
    auto taken = co_await take_form(files, request, &basket);
    if (!taken) co_return co_await family_page(files, request, id, {basket.typed_name, taken.error()});
    auto name = check_first_name(basket.typed_name);
    if (!name) co_return co_await family_page(files, request, id, {basket.typed_name, name.error()});

    auto token = files.world.random.token(16);
    HandIn given{.folder = id,
                 .name = *name,
                 .folder_name = words_of(request).text("files.handins"),
                 .token_hash = sha256(token),
                 .files = basket.files};
    auto receipt = co_await keep_basket(files, viewer, std::move(given), &basket);
    if (!receipt) co_return co_await family_page(files, request, id, {basket.typed_name, receipt.error()});
    co_return http::redirect("/files/receipts/" + token);
}

} // namespace

Task<http::Response> show_family(Files& files, http::Request& request, ItemId id) {
    return family_page(files, request, id, {});
}

void deposit_routes(http::Router& router, Files& files) {
    router.post("/files/{id}/deposit",
                {.access = http::Access::Link,
                 .body_limit = files.limits.deposits + 1024 * 1024,
                 .rate = http::Rate::Upload,
                 .body = http::Body::Streamed},
                [&files](http::Request& request) { return post_deposit(files, request); });
}

} // namespace preau::files
