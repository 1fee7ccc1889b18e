// For the tests: records, bytes and previews with the real worker, the real sandbox and the tools of this machine.
#pragma once

#include "preview/preview.hpp"

#include "db/test_databases.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <unistd.h>

namespace preau::preview::testing {

namespace fs = std::filesystem;

// One for all tests, forked before the first database has threads.
inline sandbox::Sandbox& box() {
    static auto the_box = sandbox::Sandbox::start();
    return *the_box;
}

inline std::vector<db::Migration> all_migrations() {
    std::vector<db::Migration> all;
    for (auto part : {jobs::migrations(), blob::migrations(), preview::migrations()})
        std::ranges::move(part, std::back_inserter(all));
    return all;
}

inline const db::Query count_previews_sql{"preview_test.count", "SELECT count(*) FROM preview"};
inline const db::Query count_blobs_sql{"preview_test.blobs", "SELECT count(*) FROM blob"};

struct Bench {
    explicit Bench(db::Database& database) : db{database} { fs::create_directories(folder); }
    ~Bench() { fs::remove_all(folder); }
    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;

    blob::Stored put(std::string_view bytes, std::int64_t owner = 0) {
        auto writer = blobs->create();
        REQUIRE(writer.has_value());
        REQUIRE(sync_wait((*writer)->write(std::as_bytes(std::span{bytes}))).has_value());
        auto stored = sync_wait((*writer)->finish());
        REQUIRE(stored.has_value());
        // Bytes that are there already keep their place: what a file's row finds is asked for, as the server does.
        return db.write_now([&](db::Tx& tx) {
            return *blob::find(tx, blob::add(tx, ids, *blobs, *stored, owner == 0 ? ids.next() : owner));
        });
    }
    Result<Made> make(What what, const blob::Stored& source, std::string type) {
        return sync_wait(previews.make(what, source, std::move(type)));
    }
    std::string bytes(const Made& made) {
        auto source = sync_wait(blobs->open(made.locator));
        REQUIRE(source.has_value());
        std::string all(source->length, '\0');
        REQUIRE(pread(*source->descriptor, all.data(), all.size(), static_cast<off_t>(source->offset)) ==
                static_cast<ssize_t>(all.size()));
        return all;
    }
    std::int64_t count(const db::Query& query) {
        return db.read_now([&query](db::Tx& tx) { return *tx.one<std::int64_t>(query, {}); });
    }
    std::string key_of(const Result<Made>& result) { return result ? "made" : result.error().key; }

    db::Database& db;
    ManualClock clock;
    IdSource ids{clock, 3};
    fs::path folder = fs::temp_directory_path() / ("preau-preview-" + std::to_string(getpid()));
    std::unique_ptr<blob::BlobStore> blobs = blob::open_local({.directory = folder, .threads = 1});
    Previews previews{db, *blobs, box(), clock, ids, {.worker = PREAU_CONVERT}};
};

inline void on_each(const std::function<void(Bench&)>& body) {
    box();
    db::on_each_engine(all_migrations(), [&body](db::Database& db) {
        Bench bench{db};
        body(bench);
    });
}
inline void on_sqlite(const std::function<void(Bench&)>& body) {
    box();
    auto db = db::fresh_sqlite(all_migrations());
    Bench bench{*db};
    body(bench);
}

inline std::string corpus(const std::string& name) {
    std::ifstream file{fs::path{PREAU_SOURCE_DIR "/libs/preview/corpus"} / name, std::ios::binary};
    REQUIRE_MESSAGE(file.good(), name);
    std::stringstream all;
    all << file.rdbuf();
    return all.str();
}

// Width and height of a WebP in its extended or simple lossy form (RFC 9649 §2).
inline std::pair<int, int> size_of_webp(const std::string& webp) {
    const auto byte = [&webp](std::size_t at) { return static_cast<unsigned char>(webp.at(at)); };
    if (webp.substr(12, 4) == "VP8X")
        return {1 + byte(24) + (byte(25) << 8) + (byte(26) << 16), 1 + byte(27) + (byte(28) << 8) + (byte(29) << 16)};
    REQUIRE(webp.substr(12, 4) == "VP8 ");
    return {(byte(26) | (byte(27) << 8)) & 0x3FFF, (byte(28) | (byte(29) << 8)) & 0x3FFF};
}

inline constexpr auto odt = "application/vnd.oasis.opendocument.text";
inline constexpr auto docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

// What only this process's cages would have left in the machine's temporary directory.
inline std::size_t left_in_temporary() {
    return static_cast<std::size_t>(std::ranges::count_if(fs::directory_iterator{"/tmp"}, [](const auto& entry) {
        const auto name = entry.path().filename().string();
        return name == "profile" || name.starts_with("in.") || name.starts_with("page.") || name == "text.txt";
    }));
}

} // namespace preau::preview::testing
