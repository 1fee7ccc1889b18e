#include "naming.hpp"

#include "base/text.hpp"
#include "tree_store.hpp"

namespace preau::sharing {
namespace {
// Kinds that hold others and stand before them in a list.
bool holds_others(std::string_view kind) { return kind == "folder" || kind == "handin"; }
constexpr std::size_t longest_ending = 17; // with its dot; what is longer says nothing about the kind
} // namespace

std::string sort_of(std::string_view kind, std::string_view title) {
    return (holds_others(kind) ? "0" : "1") + sort_key(title);
}

// The migration that introduced it says the same in SQL.
std::string ending_of(std::string_view kind, std::string_view title) {
    const auto dot = title.rfind('.');
    if (holds_others(kind) || dot == std::string_view::npos || dot == 0 || title.size() - dot > longest_ending)
        return {};
    return to_lower_ascii(title.substr(dot + 1));
}

std::unexpected<Error> name_taken(std::string_view title) {
    return std::unexpected(Error{.kind = Error::Kind::Conflict,
                                 .key = "sharing.name_taken",
                                 .field = "name",
                                 .values = {{"name", std::string{title}}}});
}

std::string free_name(db::Tx& tx, ItemId folder, std::string_view title) {
    auto taken = [&](std::string_view name) { return store::name_taken(tx, folder, name); };
    if (!taken(title)) return std::string{title};
    int low = 1;
    int high = 2;
    while (taken(numbered_name(title, high))) {
        low = high;
        high *= 2;
    }
    // `low` is taken and `high` is free; in between any free one will do, the lowest where there are no gaps.
    while (high - low > 1) {
        const int middle = low + (high - low) / 2;
        (taken(numbered_name(title, middle)) ? low : high) = middle;
    }
    return numbered_name(title, high);
}

std::vector<std::string> names_alike(db::Tx& tx, ItemId folder, std::string_view title) {
    std::vector<std::string> alike;
    const auto folded = fold_case(title);
    for (auto kind : {"folder", "file"}) // both halves of the list
        for (auto& near : store::titles_near(tx, folder, sort_of(kind, title)))
            if (near != title && fold_case(near) == folded && std::ranges::find(alike, near) == alike.end())
                alike.push_back(std::move(near));
    return alike;
}

} // namespace preau::sharing
