#include "base/secret.hpp"
#include "base/text.hpp"
#include "files/files_fixture.hpp"
#include "files/resume/resume.hpp"
#include "files/resume/upload_metadata.hpp"

#include <doctest/doctest.h>

#include <thread>

using namespace preau;
using namespace preau::files;
using namespace preau::files::testing;
using Method = http::Method;

namespace {

std::string base64(std::string_view bytes) {
    auto text = base64url(bytes);
    for (auto& letter : text) letter = letter == '-' ? '+' : letter == '_' ? '/' : letter;
    while (text.size() % 4 != 0) text += '=';
    return text;
}

std::string metadata(const Fields& pairs) {
    std::string header;
    for (const auto& [key, value] : pairs) header += (header.empty() ? "" : ",") + key + ' ' + base64(value);
    return header;
}

http::TestAnswer tus(Visitor visitor, Method method, std::string target, const Fields& headers = {},
                     std::string body = {}) {
    visitor.with_header("Tus-Resumable", "1.0.0");
    for (const auto& [name, value] : headers) visitor.with_header(name, value);
    auto type = method == Method::Patch ? "application/offset+octet-stream" : "";
    return visitor.send(http::make_request(method, std::move(target), std::move(body), type));
}

std::string uploads_of(ItemId folder) { return "/api/files/" + to_text(folder) + "/uploads"; }

std::string begin(const Visitor& visitor, ItemId folder, std::size_t length, const Fields& told) {
    auto answer = tus(visitor, Method::Post, uploads_of(folder),
                      {{"Upload-Length", std::to_string(length)}, {"Upload-Metadata", metadata(told)}});
    REQUIRE_MESSAGE(answer.status == 201, answer.body);
    return std::string{answer.headers.find("location")};
}

http::TestAnswer patch(const Visitor& visitor, const std::string& address, std::size_t offset, std::string bytes,
                       Fields headers = {}) {
    headers.emplace_back("Upload-Offset", std::to_string(offset));
    return tus(visitor, Method::Patch, address, headers, std::move(bytes));
}

std::string offset_of(const Visitor& visitor, const std::string& address) {
    auto answer = tus(visitor, Method::Head, address);
    CHECK(answer.headers.find("cache-control") == "no-store");
    return std::string{answer.headers.find("upload-offset")};
}

std::string content(TestSchool& school, ItemId file) {
    return school.program(school.teacher).get("/api/files/" + to_text(file) + "/content").body;
}

} // namespace

TEST_CASE("an upload in three parts is a file, announced once, whose bytes are whole") {
    on_each_school([](TestSchool& school) {
        auto camille = school.as(school.teacher);
        auto made = tus(camille, Method::Post, uploads_of(school.space),
                        {{"Upload-Length", "11"}, {"Upload-Metadata", metadata({{"filename", "Été.txt"}})}});
        CHECK(made.status == 201);
        CHECK(made.headers.find("tus-resumable") == "1.0.0");
        CHECK(made.headers.find("upload-offset") == "0");
        CHECK(made.headers.find("upload-expires") == "Tue, 08 Sep 2026 07:00:00 GMT");
        std::string address{made.headers.find("location")};
        CHECK(address.starts_with("/api/files/uploads/"));
        CHECK(school.events().empty());

        auto first = patch(camille, address, 0, "bon");
        CHECK(first.status == 204);
        CHECK(first.headers.find("upload-offset") == "3");
        CHECK_FALSE(first.headers.has("preau-item"));
        auto head = tus(camille, Method::Head, address);
        CHECK(head.headers.find("upload-offset") == "3");
        CHECK(head.headers.find("upload-length") == "11");
        CHECK(patch(camille, address, 3, "").headers.find("upload-offset") == "3");
        CHECK(patch(camille, address, 3, "jour ").status == 204);
        auto last = patch(camille, address, 8, "toi");
        CHECK(last.status == 204);
        CHECK(last.headers.find("upload-offset") == "11");
        auto file = school.child(school.space, "Été.txt");
        REQUIRE(file);
        CHECK(last.headers.find("preau-item") == to_text(*file));
        CHECK(content(school, *file) == "bonjour toi");
        CHECK(school.events() == std::vector<std::string>{"item.created", "file.uploaded"});
        CHECK(school.keeps_files(1)); // the partial gave its only copy away
        // The last answer was lost: asked again, it is the same.
        auto again = tus(camille, Method::Head, address);
        CHECK(again.headers.find("upload-offset") == "11");
        CHECK(again.headers.find("preau-item") == to_text(*file));
        CHECK(patch(camille, address, 11, "").headers.find("preau-item") == to_text(*file));
        CHECK(school.events().empty());
        CHECK(tus(camille, Method::Delete, address).status == 204); // what is finished stays
        CHECK(tus(camille, Method::Head, address).status == 404);
        CHECK(content(school, *file) == "bonjour toi");
    });
}

TEST_CASE("creation with upload, and files of no byte at all, need one request") {
    on_each_school([](TestSchool& school) {
        auto camille = school.as(school.teacher);
        auto create = [&](std::string name, std::string length, std::string body) {
            return tus(camille, Method::Post, uploads_of(school.space),
                       {{"Upload-Length", length},
                        {"Upload-Metadata", metadata({{"filename", name}})},
                        {"Content-Type", "application/offset+octet-stream"}},
                       body);
        };
        auto whole = create("a.txt", "3", "abc");
        CHECK(whole.status == 201);
        CHECK(whole.headers.find("upload-offset") == "3");
        CHECK(content(school, *school.child(school.space, "a.txt")) == "abc");
        auto half = create("b.txt", "6", "abc");
        CHECK(half.status == 201);
        CHECK(half.headers.find("upload-offset") == "3");
        CHECK_FALSE(school.child(school.space, "b.txt"));
        auto empty = create("vide.txt", "0", "");
        CHECK(empty.headers.find("preau-item") == to_text(*school.child(school.space, "vide.txt")));
    });
}

TEST_CASE("what arrived before a cut is kept, and the next request goes on exactly there") {
    on_each_school([](TestSchool& school) {
        auto camille = school.as(school.teacher);
        auto bytes = std::string(300'000, 'a') + std::string(300'000, 'b') + std::string(300'000, 'c');
        auto address = begin(camille, school.space, bytes.size(), {{"filename", "film.mp4"}});
        auto cut = put_cut_off(
            school.base, camille, address, bytes.substr(0, 400'000), Method::Patch,
            {{"Tus-Resumable", "1.0.0"}, {"Upload-Offset", "0"}, {"Content-Type", "application/offset+octet-stream"}});
        CHECK(cut.status == 400);
        CHECK(offset_of(camille, address) == "400000");
        // The server was started anew: nothing is remembered but the row and the file.
        school.base.blobs.swap(school.base.keep(std::make_unique<std::unique_ptr<blob::BlobStore>>(
            blob::open_local({.directory = school.base.folder.path()}))));
        CHECK(patch(camille, address, 400'000, bytes.substr(400'000)).status == 204);
        CHECK(content(school, *school.child(school.space, "film.mp4")) == bytes);
    });
}

TEST_CASE("wrong offsets, too many bytes, wrong versions and types change nothing") {
    on_each_school([](TestSchool& school) {
        auto camille = school.as(school.teacher);
        auto address = begin(camille, school.space, 10, {{"filename", "a.txt"}});
        patch(camille, address, 0, "12345");
        CHECK(patch(camille, address, 0, "12345").status == 409);
        CHECK(patch(camille, address, 6, "x").status == 409);
        CHECK(patch(camille, address, 5, "123456").status == 413);
        CHECK(tus(camille, Method::Patch, address, {{"Upload-Offset", "5x"}}, "x").status == 400);
        CHECK(tus(camille, Method::Patch, address, {}, "x").status == 400);
        auto typed = camille;
        typed.with_header("Tus-Resumable", "1.0.0").with_header("Upload-Offset", "5");
        CHECK(typed.send(http::make_request(Method::Patch, address, "x", "text/plain")).status == 415);
        auto old = typed;
        old.with_header("Tus-Resumable", "0.2.2");
        auto refused = old.send(http::make_request(Method::Patch, address, "x", "application/offset+octet-stream"));
        CHECK(refused.status == 412);
        CHECK(refused.headers.find("tus-version") == "1.0.0");
        CHECK(offset_of(camille, address) == "5");
        auto create = [&](Fields headers) {
            return tus(camille, Method::Post, uploads_of(school.space), headers).status;
        };
        CHECK(create({{"Upload-Metadata", metadata({{"filename", "x"}})}}) == 400);
        CHECK(create({{"Upload-Length", "-1"}, {"Upload-Metadata", metadata({{"filename", "x"}})}}) == 400);
        CHECK(create({{"Upload-Length", "1"}, {"Upload-Metadata", "filename !!"}}) == 400);
        CHECK(create({{"Upload-Length", "1"}}) == 422); // no name
        CHECK(create({{"Upload-Length", "1"}, {"Upload-Metadata", metadata({{"filename", "a\x01"}})}}) == 422);
        CHECK(create({{"Upload-Length", std::to_string(school.files.limits.upload + 1)},
                      {"Upload-Metadata", metadata({{"filename", "x"}})}}) == 413);
        auto asked = tus(camille, Method::Options, address);
        CHECK(asked.status == 204);
        CHECK(asked.headers.find("tus-extension") == "creation,creation-with-upload,expiration,termination,checksum");
        CHECK(asked.headers.find("tus-checksum-algorithm") == "sha256");
    });
}

TEST_CASE("a part whose checksum does not fit is not kept; the next one may be") {
    on_each_school([](TestSchool& school) {
        auto camille = school.as(school.teacher);
        auto address = begin(camille, school.space, 9, {{"filename", "a.txt"}});
        patch(camille, address, 0, "abc");
        auto checksum = [](std::string_view bytes) { return "sha256 " + base64(sha256(bytes)); };
        auto wrong = patch(camille, address, 3, "dXf", {{"Upload-Checksum", checksum("def")}});
        CHECK(wrong.status == 460);
        CHECK(offset_of(camille, address) == "3");
        CHECK(patch(camille, address, 3, "def", {{"Upload-Checksum", "crc32 AAAA"}}).status == 400);
        CHECK(patch(camille, address, 3, "def", {{"Upload-Checksum", "sha256 AAAA"}}).status == 400);
        CHECK(patch(camille, address, 3, "def", {{"Upload-Checksum", checksum("def")}}).status == 204);
        CHECK(patch(camille, address, 6, "ghi").status == 204);
        CHECK(content(school, *school.child(school.space, "a.txt")) == "abcdefghi");
    });
}

TEST_CASE("one request at a time writes to an upload") {
    on_sqlite_school([](TestSchool& school) {
        auto camille = school.as(school.teacher);
        auto address = begin(camille, school.space, 6, {{"filename", "a.txt"}});
        auto id = school.db.read_now([&](db::Tx& tx) {
            return store::find_upload_by_token(tx, sha256(address.substr(address.rfind('/') + 1)))->id;
        });
        auto held = sync_wait(school.base.blobs->open_partial(to_text(id)));
        REQUIRE(held.has_value());
        CHECK(patch(camille, address, 0, "abc").status == 423);
        held->reset();
        CHECK(patch(camille, address, 0, "abc").status == 204);
    });
}

TEST_CASE("an upload is its maker's alone; a right is asked when it begins, goes on and ends") {
    on_each_school([](TestSchool& school) {
        auto folder = school.make_folder(school.space, "Sciences");
        auto nadia = school.as(school.colleague);
        auto told = metadata({{"filename", "a.txt"}});
        CHECK(
            tus(nadia, Method::Post, uploads_of(folder), {{"Upload-Length", "3"}, {"Upload-Metadata", told}}).status ==
            404);
        school.give(folder, subject(school.colleague), Role::View);
        CHECK(
            tus(nadia, Method::Post, uploads_of(folder), {{"Upload-Length", "3"}, {"Upload-Metadata", told}}).status ==
            403);
        school.give(folder, subject(school.colleague), Role::Edit);
        auto address = begin(nadia, folder, 6, {{"filename", "a.txt"}});
        patch(nadia, address, 0, "abc");
        for (auto other : {school.as(school.teacher), school.by_links({school.link(folder, Role::Edit, false)})}) {
            CHECK(tus(other, Method::Head, address).status == 404);
            CHECK(patch(other, address, 3, "def").status == 404);
            CHECK(tus(other, Method::Delete, address).status == 404);
        }
        CHECK(tus(school.stranger(), Method::Head, address).status == 401);
        school.events();
        school.take(folder, subject(school.colleague));
        school.events();
        CHECK(patch(nadia, address, 3, "def").status == 404);
        CHECK(school.names_in(folder).empty());
        school.give(folder, subject(school.colleague), Role::Edit); // a mistake: the bytes are still there
        CHECK(offset_of(nadia, address) == "3");
        CHECK(patch(nadia, address, 3, "def").status == 204);
        CHECK(content(school, *school.child(folder, "a.txt")) == "abcdef");
    });
}

TEST_CASE("folder in the trash, name taken, space full: said so, bytes kept until the day is over") {
    on_each_school([](TestSchool& school) {
        auto camille = school.as(school.teacher);
        auto folder = school.make_folder(school.space, "Sciences");
        auto address = begin(camille, folder, 6, {{"filename", "a.txt"}});
        patch(camille, address, 0, "abc");
        camille.api(Method::Delete, "/api/files/" + to_text(folder));
        auto trashed = patch(camille, address, 3, "def");
        CHECK(trashed.status == 409);
        CHECK(trashed.body.contains("sharing.trashed"));
        camille.api(Method::Post, "/api/files/" + to_text(folder) + "/restore");
        CHECK(offset_of(camille, address) == "3");

        school.put_file(folder, "a.txt", "quicker");
        CHECK(patch(camille, address, 3, "def").status == 409);
        auto taken = *school.child(folder, "a.txt");
        camille.api(Method::Delete, "/api/files/" + to_text(taken));
        school.files.limits.quota.personal = 10;
        auto full = patch(camille, address, 3, "def");
        CHECK(full.status == 507);
        CHECK(full.body.contains("files.quota"));
        CHECK(tus(camille, Method::Post, uploads_of(folder),
                  {{"Upload-Length", "4"}, {"Upload-Metadata", metadata({{"filename", "b.txt"}})}})
                  .status == 507); // before a byte is read
        school.files.limits.quota.personal = 1000;
        CHECK(patch(camille, address, 3, "def").status == 204);
        CHECK(content(school, *school.child(folder, "a.txt")) == "abcdef");
    });
}

TEST_CASE("refused by the rules at the very end, an upload is not called whole, and ends when they allow it") {
    on_each_school([](TestSchool& school) {
        auto camille = school.as(school.teacher);
        school.put_file(school.space, "sub", "a file where a folder should be");
        auto bytes = std::string(1'500'000, 'x');
        auto address = begin(camille, school.space, bytes.size(), {{"filename", "a.bin"}, {"path", "sub"}});
        auto refused = patch(camille, address, 0, bytes);
        CHECK(refused.status == 409);
        CHECK(refused.body.contains("files.path_is_file"));
        CHECK(offset_of(camille, address) == std::to_string(bytes.size() - 1));
        camille.api(Method::Delete, "/api/files/" + to_text(*school.child(school.space, "sub")));
        CHECK(patch(camille, address, bytes.size() - 1, "x").status == 204);
        CHECK(content(school, *school.child(*school.child(school.space, "sub"), "a.bin")) == bytes);
    });
}

TEST_CASE("a day after its last bytes an upload is over and its bytes go") {
    on_each_school([](TestSchool& school) {
        auto camille = school.program(school.teacher); // a session would be over by then
        auto address = begin(camille, school.space, 6, {{"filename", "a.txt"}});
        school.clock.advance(20_h);
        patch(camille, address, 0, "abc"); // from here another day
        school.clock.advance(20_h);
        CHECK(offset_of(camille, address) == "3");
        school.base.jobs.run_due();
        CHECK(school.keeps_files(1));
        school.clock.advance(5_h);
        CHECK(patch(camille, address, 3, "def").status == 410);
        CHECK(tus(camille, Method::Head, address).status == 410);
        school.base.jobs.run_due();
        CHECK(school.keeps_files(0));
        CHECK(tus(camille, Method::Head, address).status == 404);
        CHECK(school.names_in(school.space).empty());
    });
}

TEST_CASE("folders on the way are made with the file; taken names follow if_taken; tricks are refused") {
    on_each_school([](TestSchool& school) {
        auto camille = school.as(school.teacher);
        auto send = [&](std::string name, std::string path, std::string if_taken = {}) {
            auto address =
                begin(camille, school.space, 1,
                      {{"filename", name}, {"path", path}, {"if_taken", if_taken}, {"filetype", "text/plain"}});
            CHECK(school.events().empty()); // nothing before it is whole
            return patch(camille, address, 0, "x");
        };
        CHECK(send("a.txt", "Voyage/Jour 1").status == 204);
        CHECK(school.events() ==
              std::vector<std::string>{"item.created", "item.created", "item.created", "file.uploaded"});
        auto voyage = *school.child(school.space, "Voyage");
        auto first_day = *school.child(voyage, "Jour 1");
        CHECK(send("b.txt", "Voyage/Jour 1").status == 204);
        school.events();
        CHECK(send("b.txt", "Voyage/Jour 1").status == 409);
        CHECK(send("b.txt", "Voyage/Jour 1", "number").status == 204);
        school.events();
        CHECK(send("a.txt", "Voyage/Jour 1", "replace").status == 204);
        CHECK(school.events() == std::vector<std::string>{"file.replaced"});
        CHECK(school.names_in(first_day) == std::vector<std::string>{"a.txt", "b.txt", "b (2).txt"});
        CHECK(school.names_in(school.space) == std::vector<std::string>{"Voyage"});
        for (std::string path : {"..", "a/../b", "/a", "a/", "a//b", "\x01"}) {
            CAPTURE(path);
            CHECK(tus(camille, Method::Post, uploads_of(school.space),
                      {{"Upload-Length", "1"}, {"Upload-Metadata", metadata({{"filename", "x"}, {"path", path}})}})
                      .status == 422);
        }
    });
}

TEST_CASE("two files of one new folder that finish at once make one folder, whatever the lane") {
    on_each_school([](TestSchool& school) {
        auto camille = school.as(school.teacher);
        auto viewer = school.base.viewer(school.teacher);
        for (int round = 0; round < 5; ++round) {
            auto path = "Classe " + std::to_string(round) + "/Photos";
            std::vector<UploadId> ids;
            for (int i = 0; i < 6; ++i) {
                auto address = begin(camille, school.space, 1, {{"filename", std::to_string(i)}, {"path", path}});
                ids.push_back(school.db.read_now([&](db::Tx& tx) {
                    return store::find_upload_by_token(tx, sha256(address.substr(address.rfind('/') + 1)))->id;
                }));
            }
            auto empty = *school.base.blobs->create();
            auto stored = *sync_wait(empty->finish());
            {
                std::vector<std::jthread> threads;
                for (std::size_t i = 0; i < ids.size(); ++i)
                    threads.emplace_back([&, i] {
                        auto done = school.db.write_now(
                            [&](db::Tx& tx) { return finish_upload(tx, school.files, viewer, ids[i], stored, "", ""); },
                            db::Lane{2000 + i});
                        CHECK(done.has_value());
                    });
            }
            auto made = *school.child(school.space, "Classe " + std::to_string(round));
            CHECK(school.names_in(made) == std::vector<std::string>{"Photos"});
            CHECK(school.names_in(*school.child(made, "Photos")).size() == 6);
        }
        CHECK(school.names_in(school.space).size() == 5);
    });
}

TEST_CASE("a family on a bad line hands in by parts and gets its receipt, and sees nothing else") {
    on_each_school([](TestSchool& school) {
        auto folder = school.make_folder(school.space, "Exposés");
        auto link = school.link(folder, Role::Deposit, true);
        auto family = school.by_links({link});
        school.events();
        Fields told{{"filename", "photo.jpg"}, {"first_name", "Lina"}, {"path", "../../etc"}};
        CHECK(tus(family, Method::Post, uploads_of(folder),
                  {{"Upload-Length", "6"}, {"Upload-Metadata", metadata({{"filename", "photo.jpg"}})}})
                  .status == 422); // who?
        auto address = begin(family, folder, 6, told);
        CHECK(patch(family, address, 0, "abc").status == 204);
        auto last = patch(family, address, 3, "def");
        CHECK(last.status == 204);
        CHECK_FALSE(last.headers.has("preau-item"));
        std::string receipt{last.headers.find("preau-receipt")};
        CHECK(school.stranger().get(receipt).body.contains("Lina – photo.jpg"));
        CHECK(tus(family, Method::Head, address).headers.find("preau-receipt") == receipt);
        CHECK(school.events() == std::vector<std::string>{"item.created", "item.created",
                                                          "file.handed_in"}); // the folder of hand-ins first
        auto handins = *school.child(folder, "Rendus");
        CHECK(school.names_in(handins) == std::vector<std::string>{"Lina – photo.jpg"});
        CHECK(family.get("/api/files/" + to_text(handins)).status >= 400);

        auto late = begin(family, folder, 6, told);
        patch(family, late, 0, "abc");
        school.files.limits.quota.personal = 8;
        auto full = patch(family, late, 3, "def");
        CHECK(full.status == 507);
        CHECK(full.body.contains("files.quota_deposit"));
        school.files.limits.quota.personal = 1000;
        school.revoke(link);
        CHECK(patch(family, late, 3, "def").status >= 400);
        CHECK(school.names_in(handins).size() == 1);
    });
}

TEST_CASE("Upload-Metadata is read as tus writes it") {
    auto read = [](std::string_view header) { return parse_upload_metadata(header); };
    CHECK(read("")->empty());
    CHECK(read("filename d29ybGQ=,flag")->at("filename") == "world");
    CHECK(read("filename d29ybGQ=,flag")->at("flag") == "");
    CHECK(read(" a YQ== ,  b ")->size() == 2);
    for (auto bad : {",", "a YQ==,", "a YQ==,a YQ==", "a !", "a YQ== YQ==", "é YQ==", "a\x01 YQ=="}) {
        CAPTURE(std::string{bad});
        CHECK_FALSE(read(bad).has_value());
    }
    std::string many;
    for (int i = 0; i < 33; ++i) many += (i ? ",k" : "k") + std::to_string(i);
    CHECK_FALSE(read(many).has_value());
    CHECK_FALSE(read("a " + std::string(9000, 'A')).has_value());
}
