// Where things stand below the directory of a local store:
//   incoming/NONCE            uploads that are not finished
//   partial/NAME              uploads that may be gone on with, also after a restart
//   ab/cd/HASH.NONCE          finished bytes; ab and cd are the first four digits of the hash
#pragma once

#include <bitset>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>

namespace preau::blob {

class LocalLayout {
public:
    explicit LocalLayout(std::filesystem::path root); // makes what is missing

    const std::filesystem::path& root() const { return root_; }
    std::filesystem::path incoming() const { return root_ / "incoming"; }
    std::filesystem::path partial() const { return root_ / "partial"; }
    std::filesystem::path path_of(std::string_view locator) const { return root_ / locator; }
    // After this the directory of such a locator is there and will be after a power cut.
    void ensure_directory_of(std::string_view locator);

    static std::string locator_of(std::string_view hash, std::string_view nonce);
    static std::string nonce();
    static bool is_partial_name(std::string_view text); // 1 to 40 of a-z 0-9
    static bool is_locator(std::string_view text);               // refuses all that could lead out of the store
    static std::string_view hash_in(std::string_view locator);   // of a well-formed one
    static std::string two_digits(unsigned int number);          // 0…255 → "00"…"ff"

private:
    std::filesystem::path root_;
    std::mutex mutex_;
    std::bitset<0x10000> known_; // directories that were made durable since the start
};

} // namespace preau::blob
