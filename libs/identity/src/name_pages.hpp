// What pages of a search by name have in common, of people and of groups.
#pragma once

#include "directory_words.hpp"

#include <map>

namespace preau::identity {

// Rows in the order of the directory's hits, each under the smallest of its keys alone, so that no page repeats one; at
// most one more than `limit`. `sort` becomes the key.
template <class Hits, class Row>
std::vector<Row> under_first_keys(const Hits& hits, const std::vector<Row>& passed, std::string_view prefix,
                                  const std::vector<std::string>& words, int limit) {
    std::map<std::int64_t, const Row*> known;
    for (const auto& row : passed) known[row.id.value] = &row;
    std::vector<Row> rows;
    for (const auto& hit : hits) {
        const auto found = known.find(hit.subject);
        if (found == known.end() || first_key(found->second->name, prefix, words) != hit.key) continue;
        rows.push_back(*found->second);
        rows.back().sort = hit.key;
        if (std::ssize(rows) > limit) break;
    }
    return rows;
}

} // namespace preau::identity
