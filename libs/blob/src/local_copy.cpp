#include "local_copy.hpp"

#include "base/log.hpp"
#include "base/text.hpp"
#include "durable_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace preau::blob {
namespace {

constexpr std::size_t portion = 256 * 1024;

// Calls `take` with all bytes of the source, in order; false: it ends before its length.
template <class Take> bool each_portion(const Source& source, Take take) {
    std::vector<std::byte> buffer(static_cast<std::size_t>(std::min<std::uint64_t>(portion, source.length)));
    for (std::uint64_t done = 0; done < source.length;) {
        const auto wanted = std::min<std::uint64_t>(buffer.size(), source.length - done);
        const auto got = ::pread(*source.descriptor, buffer.data(), static_cast<std::size_t>(wanted),
                                 static_cast<off_t>(source.offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false; // EIO is what a dying disk says
        take(std::span{buffer}.first(static_cast<std::size_t>(got)));
        done += static_cast<std::uint64_t>(got);
    }
    return true;
}

bool is_here(const std::filesystem::path& path, std::uint64_t length) {
    struct stat status{};
    return ::stat(path.c_str(), &status) == 0 && static_cast<std::uint64_t>(status.st_size) == length;
}

} // namespace

Result<void> verify(const Source& source, std::string_view locator) {
    Sha256 digest;
    const bool whole = each_portion(source, [&digest](std::span<const std::byte> bytes) { digest.update(bytes); });
    if (whole && hex(digest.finish()) == LocalLayout::hash_in(locator)) return {};
    return fail(Error::Kind::Conflict, "blob.damaged");
}

Result<bool> copy_here(LocalLayout& layout, const std::string& locator, const Source& from) {
    const auto place = layout.path_of(locator);
    if (is_here(place, from.length)) return false;
    const auto path = layout.incoming() / LocalLayout::nonce();
    try {
        const auto file = create_locked(path);
        Sha256 digest;
        const bool whole = each_portion(from, [&](std::span<const std::byte> bytes) {
            write_all(file, bytes, path);
            digest.update(bytes);
        });
        if (!whole || hex(digest.finish()) != LocalLayout::hash_in(locator)) {
            remove_file(path);
            return fail(Error::Kind::Conflict, "blob.damaged");
        }
        sync_bytes(file, path);
        layout.ensure_directory_of(locator);
        rename_durably(path, place);
        return true;
    } catch (const std::system_error& error) {
        remove_file(path);
        if (!says_storage_is_full(error.code())) throw;
        log::warn("storage is full: {}", error.what());
        return fail(Error::Kind::StorageFull, "blob.storage_full");
    }
}

} // namespace preau::blob
