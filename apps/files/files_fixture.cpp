#include "files/files_fixture.hpp"

#include "base/assert.hpp"
#include "base/text.hpp"
#include "files/files_fixture_store.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <iterator>
#include <thread>

namespace preau::files::testing {
namespace {

class CutOffBody final : public http::BodyReader {
public:
    explicit CutOffBody(std::string bytes) : bytes_{std::move(bytes)} {}
    Task<Result<std::size_t>> read(std::span<std::byte> buffer) override {
        if (read_ == bytes_.size()) co_return fail(Error::Kind::Malformed, "http.body_truncated");
        auto count = std::min(buffer.size(), bytes_.size() - read_);
        std::memcpy(buffer.data(), bytes_.data() + read_, count);
        read_ += count;
        co_return count;
    }
    std::optional<std::uint64_t> length() const override { return bytes_.size() * 2; }

private:
    std::string bytes_;
    std::size_t read_ = 0;
};

Task<http::TestAnswer> admit_and_handle(http::Gatekeeper& gate, const http::Route& route, http::Request& request) {
    auto refused = co_await gate.admit(request, route);
    auto response = refused ? std::move(*refused) : http::Response{};
    if (!refused) response = co_await route.handler(request);
    http::TestAnswer answer{.status = response.status, .headers = response.headers};
    if (auto* text = std::get_if<std::string>(&response.body)) answer.body = *text;
    co_return answer;
}

std::vector<db::Migration> all_migrations() {
    auto all = preview::migrations();
    std::ranges::move(migrations(), std::back_inserter(all));
    return all;
}

// Forked before main(), when nothing of ours has threads yet: as the server does.
const std::unique_ptr<sandbox::Sandbox> the_sandbox = sandbox::Sandbox::start();

Files& install(fixtures::School& school) {
    auto& previews = school.keep(std::make_unique<preview::Previews>(
        school.db, *school.blobs, *the_sandbox, school.clock, school.ids, preview::Options{.worker = PREAU_CONVERT}));
    auto& files = school.keep(std::make_unique<Files>(school.db, school.world, *school.blobs, school.identity,
                                                      school.pages, school.kinds, *school.gate, school.addresses));
    files.previews = &previews;
    files::open(files);
    files::routes(school.router, files);
    return files;
}

} // namespace

http::TestAnswer post_files(Visitor visitor, std::string target, const Fields& fields,
                            const std::vector<Upload>& uploads) {
    std::vector<fixtures::FormFile> files;
    for (const auto& upload : uploads) files.push_back({.input = "files", .name = upload.name, .bytes = upload.bytes});
    return visitor.post_files(std::move(target), fields, files);
}

http::TestAnswer put(Visitor visitor, std::string target, std::string bytes, const Fields& headers) {
    for (const auto& [name, value] : headers) visitor.with_header(name, value);
    return visitor.put(std::move(target), std::move(bytes));
}

http::TestAnswer put_cut_off(fixtures::School& school, const Visitor& visitor, std::string target, std::string bytes,
                             http::Method method, const Fields& headers) {
    auto request = http::make_request(method, std::move(target));
    request.host = "localhost:8080";
    request.headers.set("Origin", "http://localhost:8080");
    request.headers.set("Sec-Fetch-Site", "same-origin");
    for (const auto& [name, value] : headers) request.headers.set(name, value);
    for (const auto& [name, value] : visitor.cookies) request.headers.set("Cookie", name + "=" + value);
    auto match = school.router.match(request.method, request.path, http::Origin::Main);
    PREAU_ASSERT(match.route);
    request.parameters = match.parameters;
    request.stream = std::make_unique<CutOffBody>(std::move(bytes));
    return sync_wait(admit_and_handle(*school.gate, *match.route, request));
}

ItemId TestSchool::make_folder(ItemId parent, std::string name) {
    auto made = db.write_now([&, viewer = base.viewer(teacher)](db::Tx& tx) {
        return sharing::create_item(tx, world, viewer, {.parent = parent, .kind = "folder", .title = name});
    });
    REQUIRE(made.has_value());
    return made->id;
}

ItemId TestSchool::put_file(ItemId parent, std::string name, std::string bytes) {
    auto answer = as(teacher).put("/api/files/" + to_text(parent) + "/children/" + percent_encode(name), bytes);
    REQUIRE_MESSAGE(answer.status == 201, answer.body);
    auto found = child(parent, name);
    REQUIRE(found.has_value());
    return *found;
}

void TestSchool::give(ItemId item, Subject to, Role role) {
    base.change([&, viewer = base.viewer(teacher)](db::Tx& tx) {
        sharing::set_grant(tx, world, viewer, {.item = item, .subject_kind = to.kind, .subject = to.id, .role = role});
    });
}

bool TestSchool::keeps_files(std::size_t count) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (base.folder.count_files() != count && std::chrono::steady_clock::now() < end)
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    return base.folder.count_files() == count;
}

LinkId TestSchool::link(ItemId item, Role role, bool deposit, std::optional<Millis> until) {
    auto made = db.write_now([&, viewer = base.viewer(teacher)](db::Tx& tx) {
        return sharing::create_link(tx, world, viewer,
                                    {.item = item, .role = role, .deposit = deposit, .until = until});
    });
    REQUIRE(made.has_value());
    return made->link.id;
}

void TestSchool::revoke(LinkId link) {
    auto done = db.write_now(
        [&, viewer = base.viewer(teacher)](db::Tx& tx) { return sharing::revoke_link(tx, world, viewer, link); });
    REQUIRE(done.has_value());
}

std::vector<std::string> TestSchool::names_in(ItemId parent) {
    return db.read_now([&](db::Tx& tx) { return store::names_in(tx, parent); });
}

std::optional<ItemId> TestSchool::child(ItemId parent, std::string_view name) {
    return db.read_now([&](db::Tx& tx) { return store::child(tx, parent, name); });
}

void on_each_school(const std::function<void(TestSchool&)>& body) {
    Files* files = nullptr;
    const fixtures::App app{.migrations = all_migrations, .install = [&](auto& school) { files = &install(school); }};
    fixtures::at_school(app, [&](fixtures::School& school) {
        TestSchool small{school, *files};
        body(small);
    });
}

void on_sqlite_school(const std::function<void(TestSchool&)>& body,
                      const std::function<void(fixtures::School&)>& prepare) {
    Files* files = nullptr;
    const fixtures::App app{.migrations = all_migrations, .install = [&](auto& school) {
                                if (prepare) prepare(school);
                                files = &install(school);
                            }};
    fixtures::at_small_school(app, [&](fixtures::School& school) {
        TestSchool small{school, *files};
        body(small);
    });
}

} // namespace preau::files::testing
