#include "base/json.hpp"
#include "base/text.hpp"
#include "files/files_fixture.hpp"
#include "files/zip/zip_stream.hpp"
#include "files/zip/zip_walk.hpp"

#include <doctest/doctest.h>

#include <unistd.h>

#include <random>

using namespace preau;
using namespace preau::files;
using namespace preau::files::testing;
using Method = http::Method;

namespace {

// As an upload from before the sums were kept.
const db::Query forget_crc32_sql{"files.test_forget_crc32", R"(UPDATE blob SET crc32 = NULL)"};

std::uint64_t number(std::string_view bytes, std::size_t at, int size) {
    std::uint64_t value = 0;
    for (int i = size; i-- > 0;)
        value = value << 8 | static_cast<unsigned char>(bytes.at(at + static_cast<std::size_t>(i)));
    return value;
}

struct Member {
    std::string bytes;
    std::uint32_t crc32 = 0;
    std::uint32_t seconds = 0;
};

// By the central directory, as readers do; every local header has to say the same. (Foreign readers: zip_test.mjs.)
std::map<std::string, Member> members_of(std::string_view zip) {
    std::map<std::string, Member> members;
    auto end = zip.size() - 22;
    REQUIRE(number(zip, end, 4) == 0x06054b50);
    auto count = number(zip, end + 10, 2);
    auto at = number(zip, end + 16, 4);
    CHECK(at + number(zip, end + 12, 4) == end);
    for (; count > 0; --count) {
        REQUIRE(number(zip, at, 4) == 0x02014b50);
        auto size = number(zip, at + 24, 4);
        auto name_size = number(zip, at + 28, 2);
        auto extra_size = number(zip, at + 30, 2);
        std::string name{zip.substr(at + 46, name_size)};
        Member member{.crc32 = static_cast<std::uint32_t>(number(zip, at + 16, 4)),
                      .seconds = static_cast<std::uint32_t>(number(zip, at + 46 + name_size + 5, 4))};
        CHECK(number(zip, at + 8, 2) == 0x0800); // UTF-8
        auto local = number(zip, at + 42, 4);
        REQUIRE(number(zip, local, 4) == 0x04034b50);
        CHECK(zip.substr(local + 30, name_size) == name);
        CHECK(number(zip, local + 14, 4) == member.crc32);
        CHECK(number(zip, local + 22, 4) == size);
        member.bytes = zip.substr(local + 30 + name_size + number(zip, local + 28, 2), size);
        CHECK(members.emplace(name, std::move(member)).second);
        at += 46 + name_size + extra_size;
    }
    return members;
}

std::vector<std::string> names_of(std::string_view zip) {
    std::vector<std::string> names;
    for (const auto& [name, member] : members_of(zip)) names.push_back(name);
    return names;
}

std::string zip_path(ItemId folder) { return "/files/" + to_text(folder) + "/zip"; }

http::TestAnswer archive(TestSchool& school, Visitor visitor, std::string path) {
    auto led = visitor.get(path);
    if (led.status != 302) return led;
    return school.stranger().open(std::string{led.headers.find("location")});
}

zip::Planned plan(TestSchool& school, ItemId folder) {
    auto planned = sync_wait(zip::plan_archive(school.files, school.base.viewer(school.teacher),
                                               {.items = {folder}, .contents_of_folder = true}));
    REQUIRE(planned.has_value());
    return *planned;
}

std::string bytes_of(const http::Segment& segment) {
    if (!segment.bytes.empty()) return segment.bytes;
    std::string bytes(segment.file.length, '\0');
    auto got = ::pread(*segment.file.descriptor, bytes.data(), bytes.size(), static_cast<off_t>(segment.file.offset));
    REQUIRE(got == static_cast<ssize_t>(bytes.size()));
    return bytes;
}

std::string read_from(http::Segments& stream, std::uint64_t offset) {
    std::string bytes;
    while (offset + bytes.size() < stream.length()) bytes += bytes_of(sync_wait(stream.from(offset + bytes.size())));
    return bytes;
}

zip::StillAllowed always() {
    return [](db::Tx&) -> Result<void> { return {}; };
}

} // namespace

TEST_CASE("a folder is an archive with its tree, its times, its empty folders, and names that Windows takes") {
    on_each_school([](TestSchool& school) {
        auto voyage = school.make_folder(school.space, "Voyage à Rome");
        auto day = school.make_folder(voyage, "Jour 1");
        school.make_folder(day, "Vide");
        school.put_file(voyage, "Été.txt", "soleil");
        school.put_file(voyage, "ÉTÉ.txt", "pluie");
        school.put_file(voyage, "a:b?.txt", "x");
        school.put_file(voyage, "CON.txt", "appareil");
        school.put_file(day, "vide.bin", "");
        school.put_file(day, "photo.jpg", std::string(100'000, 'p'));
        auto thrown = school.put_file(day, "jetée.txt", "secret");
        school.as(school.teacher).api(Method::Delete, "/api/files/" + to_text(thrown));

        auto got = archive(school, school.as(school.teacher), zip_path(voyage));
        CHECK(got.status == 200);
        CHECK(got.headers.find("content-type") == "application/zip");
        CHECK(got.headers.find("content-disposition").contains("filename*=UTF-8''Voyage%20%C3%A0%20Rome.zip"));
        CHECK(got.headers.find("content-security-policy").starts_with("sandbox"));
        auto members = members_of(got.body);
        CHECK(names_of(got.body) == std::vector<std::string>{"Jour 1/", "Jour 1/Vide/", "Jour 1/photo.jpg",
                                                             "Jour 1/vide.bin", "_CON.txt", "a_b_.txt", "ÉTÉ (2).txt",
                                                             "Été.txt"});
        CHECK(members["Jour 1/photo.jpg"].bytes == std::string(100'000, 'p'));
        CHECK(members["Été.txt"].bytes == "soleil");
        CHECK(members["ÉTÉ (2).txt"].bytes == "pluie");
        CHECK(members["Été.txt"].seconds == static_cast<std::uint32_t>(school.clock.now() / 1000));
        CHECK(members["Jour 1/vide.bin"].crc32 == 0);
        // A program that signs in with each request needs no address.
        CHECK(school.program(school.teacher).get(zip_path(voyage)).body == got.body);
        // The same content has the same tag, another one another.
        auto again = archive(school, school.as(school.teacher), zip_path(voyage));
        CHECK(again.headers.find("etag") == got.headers.find("etag"));
        school.put_file(day, "neuf.txt", "n");
        CHECK(archive(school, school.as(school.teacher), zip_path(voyage)).headers.find("etag") !=
              got.headers.find("etag"));
    });
}

TEST_CASE("an archive holds what its viewer may see, for as long as they may") {
    on_each_school([](TestSchool& school) {
        auto folder = school.make_folder(school.space, "Exposés");
        school.put_file(folder, "sujet.pdf", "sujet");
        auto link = school.link(folder, Role::View, true);
        auto family = school.by_links({link});
        post_files(family, "/files/" + to_text(folder) + "/deposit", {{"first_name", "Lina"}}, {{"photo.jpg", "x"}});
        CHECK(names_of(archive(school, school.as(school.teacher), zip_path(folder)).body) ==
              std::vector<std::string>{"Rendus/", "Rendus/Lina – photo.jpg", "sujet.pdf"});
        CHECK(names_of(archive(school, family, zip_path(folder)).body) == std::vector<std::string>{"sujet.pdf"});
        CHECK(family.get("/files/" + to_text(folder)).body.contains("Tout télécharger"));

        auto nadia = school.as(school.colleague);
        CHECK(nadia.get(zip_path(folder)).status == 404);
        CHECK(school.stranger().get(zip_path(folder)).status == 303);
        auto only_gives = school.by_links({school.link(folder, Role::Deposit, true)});
        CHECK(only_gives.get(zip_path(folder)).status >= 400);
        CHECK_FALSE(only_gives.get("/files/" + to_text(folder)).body.contains("Tout télécharger"));
        CHECK(school.as(school.teacher).get(zip_path(*school.child(folder, "sujet.pdf"))).status != 200);

        std::string address{family.get(zip_path(folder)).headers.find("location")};
        CHECK(school.stranger().open(address).status == 200);
        auto forged = address;
        forged.replace(forged.find("/zip?"), 5, "/download?");
        CHECK(school.stranger().open(forged).status == 403);
        school.revoke(link);
        CHECK(school.stranger().open(address).status >= 400);
        std::string own{school.as(school.teacher).get(zip_path(folder)).headers.find("location")};
        school.clock.advance(3_h);
        CHECK(school.stranger().open(own).status == 410);
    });
}

TEST_CASE("a choice of files and folders is one archive; what may not be seen cannot be chosen") {
    on_each_school([](TestSchool& school) {
        auto folder = school.make_folder(school.space, "A");
        auto other = school.make_folder(school.space, "B");
        auto first = school.put_file(folder, "notes.txt", "un");
        auto second = school.put_file(other, "Notes.txt", "deux");
        auto inner = school.make_folder(other, "Dedans");
        school.put_file(inner, "x.txt", "x");
        auto ask = [&](Visitor visitor, const std::vector<ItemId>& items) {
            std::string list;
            for (auto item : items) list += (list.empty() ? "\"" : ",\"") + to_text(item) + '"';
            return visitor.post_json("/api/files/zip", R"({"items":[)" + list + "]}");
        };
        auto camille = school.as(school.teacher);
        auto made = ask(camille, {first, second, inner, first});
        CHECK(made.status == 200);
        auto url = (*json::parse(made.body))["url"].text().value();
        auto got = archive(school, camille, url);
        CHECK(got.headers.find("content-disposition").contains("lection.zip"));
        CHECK(names_of(got.body) == std::vector<std::string>{"Dedans/", "Dedans/x.txt", "Notes (2).txt", "notes.txt"});
        CHECK(archive(school, camille, (*json::parse(ask(camille, {inner}).body))["url"].text().value())
                  .headers.find("content-disposition")
                  .contains("Dedans.zip"));
        school.give(folder, subject(school.colleague), Role::View);
        auto nadia = school.as(school.colleague);
        CHECK(ask(nadia, {first}).status == 200);
        CHECK(ask(nadia, {first, second}).status == 404);
        CHECK(nadia.get(url).status == 404); // somebody else's choice is no right
        CHECK(ask(school.stranger(), {first}).status == 401);
        CHECK(ask(camille, {}).status == 422);
        CHECK(camille.post_json("/api/files/zip", R"({"items":["!"]})").status == 422);
        CHECK(camille.post_json("/api/files/zip", R"({"items":)").status == 400);
        CHECK(camille.get("/files/zip/0000").status == 404);
        school.clock.advance(25_h);
        school.base.jobs.run_due();
        CHECK(school.program(school.teacher).get(url).status == 404);
    });
}

TEST_CASE("any range of an archive is what the whole has there") {
    on_each_school([](TestSchool& school) {
        auto folder = school.make_folder(school.space, "A");
        for (int i = 0; i < 12; ++i)
            school.put_file(folder, std::to_string(i) + ".bin", std::string(static_cast<std::size_t>(i * 37), 'x'));
        school.make_folder(folder, "Vide");
        auto planned = plan(school, folder);
        zip::Stream stream{school.files, planned.plan, always()};
        auto whole = read_from(stream, 0);
        CHECK(whole.size() == planned.plan->length());
        CHECK(members_of(whole).size() == 13);
        std::mt19937 random{7};
        for (int round = 0; round < 60; ++round) {
            auto offset = random() % whole.size();
            CAPTURE(offset);
            zip::Stream again{school.files, planned.plan, always()};
            CHECK(read_from(round % 2 ? stream : again, offset) == whole.substr(offset));
        }
    });
}

TEST_CASE("while it leaves: replaced bytes are sent as they were or not at all, a withdrawn right cuts it") {
    on_each_school([](TestSchool& school) {
        auto folder = school.make_folder(school.space, "A");
        school.put_file(folder, "a.txt", "avant");
        auto planned = plan(school, folder);
        auto name = "/api/files/" + to_text(folder) + "/children/a.txt?if_taken=replace";
        CHECK(school.as(school.teacher).put(name, "après").status == 200);
        zip::Stream stream{school.files, planned.plan, always()};
        CHECK(members_of(read_from(stream, 0))["a.txt"].bytes == "avant");
        blob::collect(school.db, school.files.blobs, 100); // now the old bytes are really gone
        zip::Stream late{school.files, planned.plan, always()};
        CHECK_THROWS(read_from(late, 0));

        auto now = plan(school, folder);
        bool allowed = true;
        zip::Stream watched{school.files, now.plan, [&](db::Tx&) -> Result<void> {
                                if (allowed) return {};
                                return not_found("sharing.item");
                            }};
        CHECK(members_of(read_from(watched, 0)).size() == 1);
        allowed = false;
        school.clock.advance(6'000);
        CHECK_THROWS(read_from(watched, 0));
    });
}

TEST_CASE("bytes from before sums were kept are summed once") {
    on_each_school([](TestSchool& school) {
        auto folder = school.make_folder(school.space, "A");
        school.put_file(folder, "a.txt", "123456789");
        school.db.write_now([](db::Tx& tx) { tx.execute(forget_crc32_sql, {}); });
        auto got = archive(school, school.as(school.teacher), zip_path(folder));
        CHECK(members_of(got.body)["a.txt"].crc32 == 0xCBF43926);
        auto planned = plan(school, folder);
        auto known = school.db.read_now([&](db::Tx& tx) {
            const std::int64_t ids[] = {planned.plan->blob_of(0).value};
            return blob::find_all(tx, ids);
        });
        REQUIRE(known.size() == 1);
        CHECK(known[0].crc32 == 0xCBF43926);
    });
}

TEST_CASE("lengths are counted before what they count is written, beyond 4 GiB and 65,535 entries too") {
    constexpr std::uint64_t sizes[] = {0, 1, 0xFFFFFFFE, 0xFFFFFFFF, 0x100000000, 50ULL << 30};
    for (auto size : sizes)
        for (auto offset : sizes) {
            zip::Entry entry{.path = "é/x.bin", .size = size};
            std::string local;
            std::string central;
            std::string end;
            zip::write_local(local, entry);
            zip::write_central(central, entry, offset);
            zip::write_end(end, size, offset, offset);
            CHECK(local.size() == zip::local_size(entry.path.size(), size));
            CHECK(central.size() == zip::central_size(entry.path.size(), size, offset));
            CHECK(end.size() == zip::end_size(size, offset, offset));
        }
    zip::Plan plan;
    auto top = plan.add_folder(zip::Plan::root, "Photos", 0);
    plan.enter_folder();
    for (int i = 0; i < 70'000; ++i) plan.add_file(top, "IMG.jpg", 0, blob::BlobId{i + 1}, 1 << 20, 7);
    plan.close();
    std::string central;
    for (std::uint32_t i = 0; i < plan.size(); ++i) plan.write_central(central, i);
    plan.write_end(central);
    CHECK(plan.central_offset() + central.size() == plan.length());
    CHECK(central.contains("Photos/IMG (70000).jpg"));
    CHECK(plan.entry_at(plan.offset_of(69'999) + 40) == 69'999);
}

TEST_CASE("names that Windows refuses are changed, others are not") {
    CHECK(zip::safe_name("Été à la mer.txt") == "Été à la mer.txt");
    CHECK(zip::safe_name("a<b>c:d\"e\\f|g?h*i") == "a_b_c_d_e_f_g_h_i");
    CHECK(zip::safe_name("fin.") == "fin_");
    CHECK(zip::safe_name("nul") == "_nul");
    CHECK(zip::safe_name("LPT1.txt") == "_LPT1.txt");
    CHECK(zip::safe_name("COM0") == "COM0");
    CHECK(zip::safe_name("console.log") == "console.log");
}
