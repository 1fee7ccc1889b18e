#include "local_layout.hpp"

#include "base/assert.hpp"
#include "base/secret.hpp"
#include "base/text.hpp"
#include "durable_file.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace preau::blob {
namespace {

constexpr std::size_t hash_digits = 64;
constexpr std::size_t nonce_digits = 16;
constexpr std::size_t folder_digits = 6; // "ab/cd/"
constexpr std::size_t locator_size = folder_digits + hash_digits + 1 + nonce_digits;

bool all_hex(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

void make_root(const std::filesystem::path& path) {
    if (std::filesystem::is_directory(path)) return;
    if (path.has_parent_path()) make_root(path.parent_path());
    make_directory_durably(path);
}

std::filesystem::path without_trailing_slash(const std::filesystem::path& path) {
    auto absolute = std::filesystem::absolute(path).lexically_normal();
    return absolute.has_filename() ? absolute : absolute.parent_path();
}

} // namespace

LocalLayout::LocalLayout(std::filesystem::path root) : root_{without_trailing_slash(root)} {
    make_root(root_);
    // The first level at once: 256 names, one sync, and later each directory has a durable parent.
    std::error_code ignored; // one that is there already; the sync of the last one below reports what is really wrong
    for (unsigned int first = 0; first < 256; ++first)
        std::filesystem::create_directory(root_ / two_digits(first), ignored);
    make_directory_durably(incoming());
    make_directory_durably(partial());
}

void LocalLayout::ensure_directory_of(std::string_view locator) {
    PREAU_ASSERT(is_locator(locator));
    std::size_t number = 0;
    auto digits = hash_in(locator).substr(0, 4);
    std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
    {
        std::lock_guard lock{mutex_};
        if (known_[number]) return;
    }
    auto directory = path_of(locator).parent_path();
    make_directory_durably(directory.parent_path());
    make_directory_durably(directory);
    std::lock_guard lock{mutex_}; // only now: who sees the mark relies on it without a sync of its own
    known_[number] = true;
}

std::string LocalLayout::locator_of(std::string_view hash, std::string_view nonce) {
    std::string locator;
    locator.reserve(locator_size);
    locator.append(hash, 0, 2).append("/").append(hash, 2, 2).append("/").append(hash).append(".").append(nonce);
    return locator;
}

std::string LocalLayout::nonce() {
    SystemRandom random;
    std::array<std::byte, nonce_digits / 2> bytes{};
    random.fill(bytes);
    return hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

bool LocalLayout::is_partial_name(std::string_view text) {
    return !text.empty() && text.size() <= 40 &&
           std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'); });
}

bool LocalLayout::is_locator(std::string_view text) {
    if (text.size() != locator_size) return false;
    auto hash = hash_in(text);
    auto nonce = text.substr(locator_size - nonce_digits);
    return all_hex(hash) && all_hex(nonce) && text == locator_of(hash, nonce);
}

std::string_view LocalLayout::hash_in(std::string_view locator) { return locator.substr(folder_digits, hash_digits); }

std::string LocalLayout::two_digits(unsigned int number) {
    auto byte = static_cast<char>(number);
    return hex({&byte, 1});
}

} // namespace preau::blob
