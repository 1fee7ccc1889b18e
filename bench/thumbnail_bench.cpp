// Thumbnails of the photos in a directory, as the server makes them: from the blob store, in the sandbox, back into the
// store with fsync, a row each in SQLite. `thumbnail_bench WORK PHOTOS WORKER`: prints seconds of the making alone.
#include "preview/preview.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

using namespace preau;

namespace {

namespace fs = std::filesystem;

std::vector<db::Migration> all_migrations() {
    std::vector<db::Migration> all;
    for (auto part : {jobs::migrations(), blob::migrations(), preview::migrations()})
        std::ranges::move(part, std::back_inserter(all));
    return all;
}

blob::Stored store(db::Database& db, blob::BlobStore& blobs, IdSource& ids, const fs::path& photo) {
    std::ifstream file{photo, std::ios::binary};
    std::string bytes{std::istreambuf_iterator<char>{file}, {}};
    auto writer = *blobs.create();
    if (!sync_wait(writer->write(std::as_bytes(std::span{bytes})))) std::abort();
    auto stored = *sync_wait(writer->finish());
    return db.write_now([&](db::Tx& tx) { return *blob::find(tx, blob::add(tx, ids, blobs, stored, ids.next())); });
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    auto sandbox = sandbox::Sandbox::start(); // before there are threads
    const fs::path work = argv[1];
    SystemClock clock;
    IdSource ids{clock, 1};
    auto db = db::open_sqlite({.file = work / "main.db"});
    db->migrate(all_migrations());
    fs::create_directories(work / "blobs");
    auto blobs = blob::open_local({.directory = work / "blobs"});
    std::vector<blob::Stored> photos;
    for (const auto& entry : fs::directory_iterator{argv[2]}) photos.push_back(store(*db, *blobs, ids, entry.path()));

    constexpr int callers = 8; // the queue makes three at once
    preview::Previews previews{*db, *blobs, *sandbox, clock, ids, {.worker = argv[3]}};
    std::atomic<std::size_t> next = 0, made = 0;
    const auto begin = monotonic_nanoseconds();
    std::vector<std::jthread> threads;
    for (int i = 0; i < callers; ++i)
        threads.emplace_back([&] {
            for (std::size_t at = next++; at < photos.size(); at = next++)
                made += sync_wait(previews.make(preview::What::Thumbnail, photos[at], "image/jpeg")).has_value();
        });
    threads.clear();
    const auto seconds = static_cast<double>(monotonic_nanoseconds() - begin) / 1e9;
    std::printf("made %zu of %zu in %.3f s\n", made.load(), photos.size(), seconds);
    return made == photos.size() ? 0 : 1;
}
