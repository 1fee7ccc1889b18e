#include "catalogue.hpp"

#include <bit>
#include <cstdint>
#include <cstring>
#include <stdexcept>

namespace preau::web {
namespace {

static_assert(std::endian::native == std::endian::little, "msgfmt writes catalogues for the machine that reads them");
constexpr std::uint32_t magic = 0x950412de;

std::uint32_t number_at(std::string_view bytes, std::size_t offset) {
    std::uint32_t number = 0;
    if (offset + sizeof number > bytes.size()) throw std::runtime_error("a catalogue is cut short");
    std::memcpy(&number, bytes.data() + offset, sizeof number);
    return number;
}

std::string_view text_at(std::string_view bytes, std::size_t descriptor) {
    const auto length = number_at(bytes, descriptor);
    const auto offset = number_at(bytes, descriptor + 4);
    if (std::size_t{offset} + length > bytes.size()) throw std::runtime_error("a catalogue is cut short");
    return bytes.substr(offset, length);
}

} // namespace

Catalogue::Catalogue(std::string bytes) : bytes_{std::move(bytes)} {
    const std::string_view all = bytes_;
    if (number_at(all, 0) != magic) throw std::runtime_error("this is not a gettext catalogue");
    const auto count = number_at(all, 8);
    const auto originals = number_at(all, 12);
    const auto translations = number_at(all, 16);
    for (std::uint32_t i = 0; i < count; ++i) {
        auto key = text_at(all, originals + std::size_t{i} * 8);
        key = key.substr(0, key.find('\0')); // behind it: msgid_plural
        auto text = text_at(all, translations + std::size_t{i} * 8);
        if (key.empty() || text.empty()) continue; // the header
        auto& forms = texts_[key];
        for (std::size_t end = 0; end != text.npos; text.remove_prefix(end == text.npos ? 0 : end + 1)) {
            end = text.find('\0');
            forms.push_back(text.substr(0, end));
        }
    }
}

const std::vector<std::string_view>* Catalogue::find(std::string_view key) const {
    const auto found = texts_.find(key);
    return found == texts_.end() ? nullptr : &found->second;
}

std::vector<std::string_view> Catalogue::keys() const {
    std::vector<std::string_view> keys;
    for (const auto& [key, forms] : texts_) keys.push_back(key);
    return keys;
}

std::string fill(std::string_view text, const std::vector<std::pair<std::string, std::string>>& values) {
    std::string out;
    for (std::size_t open = text.find('{'); open != text.npos; open = text.find('{')) {
        out += text.substr(0, open);
        text.remove_prefix(open);
        const auto close = std::min(text.find('}'), text.size() - 1);
        const auto name = text.substr(1, close - 1);
        const auto value =
            std::ranges::find(values, name, [](const auto& pair) { return std::string_view{pair.first}; });
        out += value == values.end() ? text.substr(0, close + 1) : std::string_view{value->second};
        text.remove_prefix(close + 1);
    }
    return out.append(text);
}

} // namespace preau::web
