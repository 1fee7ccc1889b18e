// The texts of one language, read from a compiled gettext catalogue (GNU gettext manual §10.3, "The Format of GNU MO
// Files").
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace preau::web {

class Catalogue {
public:
    // Throws std::runtime_error if the bytes are not a catalogue.
    explicit Catalogue(std::string bytes);
    // One text, or the plural forms in their order; null for an unknown key. Empty translations count as unknown.
    const std::vector<std::string_view>* find(std::string_view key) const;
    std::vector<std::string_view> keys() const;

private:
    std::string bytes_; // the views point into it
    std::unordered_map<std::string_view, std::vector<std::string_view>> texts_;
};

// Fills `{name}`; a placeholder without a value stays as it is written.
std::string fill(std::string_view text, const std::vector<std::pair<std::string, std::string>>& values);

} // namespace preau::web
