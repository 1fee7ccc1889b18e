#include "base/json.hpp"
#include "base/secret.hpp"
#include "base/text.hpp"
#include "files/files_fixture.hpp"
#include "files/upload/media_type.hpp"
#include "files/upload/upload_service.hpp"

#include <doctest/doctest.h>

#include <sys/mount.h>

#include <filesystem>

using namespace preau;
using namespace preau::files;
using namespace preau::files::testing;

namespace {

std::string child_path(ItemId folder, std::string_view name) {
    return "/api/files/" + to_text(folder) + "/children/" + percent_encode(name);
}

// RFC 9530: the digest in padded base 64 between colons.
std::string digest_of(std::string_view bytes) {
    auto text = base64url(sha256(bytes));
    for (auto& letter : text) letter = letter == '-' ? '+' : letter == '_' ? '/' : letter;
    return "sha-256=:" + text + "=:";
}

// A disk of one megabyte over the folder of the blobs. Mounting needs root, as the tests have it in their container.
class SmallDisk {
public:
    explicit SmallDisk(const std::filesystem::path& folder) : folder_{folder} {
        REQUIRE(::mount("tmpfs", folder_.c_str(), "tmpfs", 0, "size=1m") == 0);
    }
    ~SmallDisk() { ::umount2(folder_.c_str(), MNT_DETACH); }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

private:
    std::filesystem::path folder_;
};

void fill_the_disk(TestSchool& school) {
    school.put_file(school.space, "avant.txt", "gardé");
    school.events();
    auto camille = school.as(school.teacher);
    auto full = camille.put(child_path(school.space, "film.mp4"), std::string(2'000'000, 'x'));
    CHECK(full.status == 507);
    CHECK(full.body.contains("title"));
    auto form = post_files(camille, "/files/" + to_text(school.space) + "/upload", {},
                           {{"petit.txt", "passe"}, {"film.mp4", std::string(2'000'000, 'x')}});
    CHECK(form.status == 507);
    CHECK(form.body.contains("1\u00a0fichier déposé")); // what is safe
    CHECK(school.events() == std::vector<std::string>{"item.created", "file.uploaded"}); // petit.txt alone
    CHECK(school.names_in(school.space) == std::vector<std::string>{"avant.txt", "petit.txt"});
    CHECK(school.keeps_files(2));
    CHECK(camille.put(child_path(school.space, "après.txt"), "passe").status == 201);
    auto kept = school.child(school.space, "avant.txt");
    CHECK(school.program(school.teacher).get("/api/files/" + to_text(*kept) + "/content").body == "gardé");
}

} // namespace

TEST_CASE("a file is put, stored and announced in one go") {
    on_each_school([](TestSchool& school) {
        auto camille = school.as(school.teacher);
        auto answer = camille.put(child_path(school.space, "Volcans.odp"), "lave et cendre");
        CHECK(answer.status == 201);
        auto json = json::parse(answer.body);
        REQUIRE(json);
        CHECK((*json)["name"].text() == "Volcans.odp");
        CHECK((*json)["size"].integer() == 14);
        CHECK((*json)["type"].text() == "application/vnd.oasis.opendocument.presentation");
        CHECK((*json)["sha256"].text() == hex(sha256("lave et cendre")));
        CHECK(answer.headers.find("etag") == "\"" + hex(sha256("lave et cendre")) + "\"");
        CHECK(school.events() == std::vector<std::string>{"item.created", "file.uploaded"});
        CHECK(school.keeps_files(1));
        CHECK(camille.get("/files").body.contains("Volcans.odp"));
        CHECK(camille.put(child_path(school.space, "vide.txt"), "").status == 201); // an empty file is a file
    });
}

TEST_CASE("a taken name is refused, numbered or replaced, as asked") {
    on_each_school([](TestSchool& school) {
        auto camille = school.as(school.teacher);
        auto file = school.put_file(school.space, "sujet.txt", "un");
        school.events();
        CHECK(camille.put(child_path(school.space, "sujet.txt"), "deux").status == 409);
        CHECK(camille.put(child_path(school.space, "sujet.txt") + "?if_taken=refuse", "deux").status == 409);
        CHECK(camille.put(child_path(school.space, "sujet.txt") + "?if_taken=whatever", "deux").status == 422);
        CHECK(school.events().empty());
        CHECK(school.keeps_files(1));

        CHECK(camille.put(child_path(school.space, "sujet.txt") + "?if_taken=number", "deux").status == 201);
        CHECK(school.names_in(school.space) == std::vector<std::string>{"sujet.txt", "sujet (2).txt"});
        school.events();

        auto replaced = camille.put(child_path(school.space, "sujet.txt") + "?if_taken=replace", "trois");
        CHECK(replaced.status == 200);
        CHECK(replaced.body.contains(to_text(file)));
        CHECK(school.events() == std::vector<std::string>{"file.replaced"});
        auto bytes = school.program(school.teacher).get("/api/files/" + to_text(file) + "/content");
        CHECK(bytes.body == "trois");
        school.make_folder(school.space, "Dossier");
        CHECK(camille.put(child_path(school.space, "Dossier") + "?if_taken=replace", "x").status == 409);
    });
}

TEST_CASE("a checksum that does not fit keeps nothing") {
    on_each_school([](TestSchool& school) {
        auto camille = school.as(school.teacher);
        auto path = child_path(school.space, "copie.pdf");
        auto wrong = put(camille, path, "abîmé", {{"Content-Digest", digest_of("intact")}});
        CHECK(wrong.status == 422);
        CHECK(wrong.body.contains("abîmé en chemin"));
        CHECK(put(camille, path, "abîmé", {{"Repr-Digest", digest_of("intact")}}).status == 422);
        CHECK(put(camille, path, "x", {{"Content-Digest", "sha-256=deadbeef"}}).status == 400);
        CHECK(put(camille, path, "x", {{"Content-Digest", "sha-256=:deadbeef:"}}).status == 400);
        CHECK(school.events().empty());
        CHECK(school.names_in(school.space).empty());
        CHECK(school.keeps_files(0));
        // Several digests: the one that we know is checked, the others are passed over.
        auto both = "sha-512=:AAAA:, " + digest_of("intact");
        CHECK(put(camille, path, "intact", {{"Content-Digest", both}}).status == 201);
    });
}

TEST_CASE("an upload that breaks off keeps nothing") {
    on_each_school([](TestSchool& school) {
        auto camille = school.as(school.teacher);
        auto answer =
            put_cut_off(school.base, camille, child_path(school.space, "film.mp4"), std::string(700'000, 'x'));
        CHECK(answer.status == 400);
        CHECK(school.events().empty());
        CHECK(school.names_in(school.space).empty());
        CHECK(school.keeps_files(0));
    });
}

TEST_CASE("bytes above the limit are refused and not kept") {
    on_sqlite_school([](TestSchool& school) {
        school.files.limits.upload = 1000;
        auto camille = school.as(school.teacher);
        CHECK(camille.put(child_path(school.space, "grand.bin"), std::string(1001, 'x')).status == 413);
        CHECK(school.keeps_files(0));
        CHECK(camille.put(child_path(school.space, "petit.bin"), std::string(1000, 'x')).status == 201);
    });
}

TEST_CASE("a full disk is said, loses nothing, and the next small file fits") {
    on_sqlite_school(fill_the_disk, [](fixtures::School& school) {
        school.keep(std::make_unique<SmallDisk>(school.folder.path()));
        school.blobs = blob::open_local({.directory = school.folder.path(), .threads = 1});
    });
}

TEST_CASE("who may not write sends nothing, and is asked before the bytes come") {
    on_each_school([](TestSchool& school) {
        auto folder = school.make_folder(school.space, "Sciences");
        auto file = school.put_file(folder, "a.txt", "x");
        auto view = school.link(folder, Role::View, false);
        school.events();
        auto nadia = school.as(school.colleague);
        CHECK(nadia.put(child_path(folder, "x.txt"), "x").status == 404);
        CHECK(post_files(nadia, "/files/" + to_text(folder) + "/upload", {}, {{"x.txt", "x"}}).status == 404);
        school.give(folder, subject(school.colleague), Role::View);
        school.events();
        CHECK(nadia.put(child_path(folder, "x.txt"), "x").status == 403);
        CHECK(nadia.put(child_path(folder, "a.txt") + "?if_taken=replace", "x").status == 403);
        CHECK(school.by_links({view}).put(child_path(folder, "x.txt"), "x").status == 403);
        CHECK(school.stranger().put(child_path(folder, "x.txt"), "x").status == 401);
        CHECK(school.as(school.teacher).put(child_path(file, "x.txt"), "x").status == 422); // into a file
        CHECK(school.events().empty());
        CHECK(school.keeps_files(1));
        school.give(folder, subject(school.colleague), Role::Edit);
        CHECK(nadia.put(child_path(folder, "x.txt"), "x").status == 201);
    });
}

TEST_CASE("names of uploads: tricks are refused, paths of the sender are cut off") {
    on_each_school([](TestSchool& school) {
        auto camille = school.as(school.teacher);
        // In an address the server itself refuses them, before any route (http: target.cpp).
        for (std::string name : {"a\u0001b", "\xc3\x28", "a\u007f", "a/b"})
            CHECK_THROWS(camille.put(child_path(school.space, name), "x"));
        CHECK(camille.put(child_path(school.space, std::string(300, 'x')), "x").status == 422);
        for (std::string name : {"a\u0001b", "a\u007f", "..", "."}) {
            CAPTURE(name);
            CHECK(post_files(camille, "/files/" + to_text(school.space) + "/upload", {}, {{name, "x"}}).status == 422);
        }
        CHECK(school.names_in(school.space).empty());
        CHECK(school.keeps_files(0));

        auto form = post_files(camille, "/files/" + to_text(school.space) + "/upload", {},
                               {{"C:\\\\Documents\\\\copie.odt", "x"}, {"../../etc/passwd", "y"}});
        CHECK(form.status == 303);
        CHECK(school.names_in(school.space) == std::vector<std::string>{"copie.odt", "passwd"});
    });
}

TEST_CASE("the plain form uploads several files, numbers duplicates and says how many") {
    on_each_school([](TestSchool& school) {
        auto camille = school.as(school.teacher);
        auto path = "/files/" + to_text(school.space) + "/upload";
        auto answer = post_files(camille, path, {}, {{"photo.jpg", "a"}, {"photo.jpg", "b"}, {"", ""}});
        CHECK(answer.status == 303);
        CHECK(answer.headers.find("location") == "/files/" + to_text(school.space) + "?uploaded=2");
        CHECK(school.names_in(school.space) == std::vector<std::string>{"photo.jpg", "photo (2).jpg"});
        CHECK(camille.get(std::string{answer.headers.find("location")}).body.contains("2\u00a0fichiers déposés"));
        auto bad =
            camille.send(http::make_request(http::Method::Post, path, "nonsense", "multipart/form-data; boundary=x"));
        CHECK(bad.status == 400);
        school.files.limits.files_at_once = 1;
        CHECK(post_files(camille, path, {}, {{"1.txt", "a"}, {"2.txt", "b"}}).status == 413);
        CHECK(school.child(school.space, "1.txt"));
        CHECK_FALSE(school.child(school.space, "2.txt"));
    });
}

TEST_CASE("stated digests are read as RFC 9530 writes them") {
    auto hex_of_x = hex(sha256("x"));
    CHECK(stated_sha256(digest_of("x"), "") == hex_of_x);
    CHECK(stated_sha256("", digest_of("x")) == hex_of_x);
    CHECK(stated_sha256("sha-512=:AA==:,  " + digest_of("x"), "") == hex_of_x);
    CHECK(stated_sha256("", "") == "");
    CHECK(stated_sha256("md5=:AA==:", "") == "");
    CHECK_FALSE(stated_sha256("sha-256=", "").has_value());
    CHECK_FALSE(stated_sha256("sha-256=:", "").has_value());
    CHECK_FALSE(stated_sha256("sha-256=:!:", "").has_value());
}

TEST_CASE("a name's ending gives a type, whatever its case; markup stays octets") {
    CHECK(media_type_of("Volcans.ODP").type == "application/vnd.oasis.opendocument.presentation");
    CHECK(media_type_of("photo.JPeG").type == "image/jpeg");
    CHECK(media_type_of("page.html").type == "application/octet-stream");
    CHECK(media_type_of("dessin.svg").type == "application/octet-stream");
    CHECK(media_type_of(".pdf").type == "application/octet-stream");
    CHECK(media_type_of("sans").type == "application/octet-stream");
    CHECK(media_type_of("point.").type == "application/octet-stream");
}
