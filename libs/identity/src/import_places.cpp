// Structures by the names that lists have for them, and how much of what stands in them would end.
#include "import_plan.hpp"

#include <algorithm>
#include <iterator>

namespace preau::identity {

void ImportPlaces::enter(ImportPlace place) {
    const auto at = places_.size();
    if (!place.key.empty()) by_key_[place.key] = at;
    if (!place.uai.empty()) by_uai_.try_emplace(place.uai, at);
    if (place.id) by_id_[place.id.value] = at;
    places_.push_back(std::move(place));
}

void ImportPlaces::load(db::Tx& tx, const ImportOptions& options) {
    std::set<StructureId> inside;
    if (options.within) {
        auto part = store::whole_part(tx, options.within);
        inside.insert(part.begin(), part.end());
    }
    for (auto& row : store::places(tx, options.source))
        enter({.id = row.id,
               .parent = row.parent,
               .name = std::move(row.name),
               .uai = std::move(row.uai),
               .key = std::move(row.key),
               .inside = !options.within || inside.contains(row.id),
               .closed = row.closed});
}

void ImportPlaces::plan(std::string_view key, std::string_view uai, std::string_view name) {
    enter({.name = std::string{name}, .uai = std::string{uai}, .key = std::string{key}});
}

void ImportPlaces::give_key(std::string_view uai, std::string_view key) {
    const auto at = by_uai_.at(std::string{uai});
    places_[at].key = key;
    by_key_[std::string{key}] = at;
}

void ImportPlaces::reopen(std::string_view key) {
    auto found = by_key_.find(std::string{key});
    if (found != by_key_.end()) places_[found->second].closed = false;
}

const ImportPlace* ImportPlaces::by_key(std::string_view key) const {
    auto found = by_key_.find(std::string{key});
    return found == by_key_.end() ? nullptr : &places_[found->second];
}

const ImportPlace* ImportPlaces::by_uai(std::string_view uai) const {
    auto found = by_uai_.find(std::string{uai});
    return found == by_uai_.end() ? nullptr : &places_[found->second];
}

const ImportPlace* ImportPlaces::find(std::string_view named) const {
    if (const auto* place = by_key(named)) return place;
    return by_uai(named);
}

std::string ImportPlaces::name_of(StructureId id) const {
    auto found = by_id_.find(id.value);
    return found == by_id_.end() ? std::string{} : places_[found->second].name;
}

bool ImportPlaces::inside(StructureId id) const {
    auto found = by_id_.find(id.value);
    return found != by_id_.end() && places_[found->second].inside;
}

StructureIds ImportPlaces::with_above(StructureIds ids) const {
    constexpr int deepest = 64; // the tree has no circle; a bug elsewhere must not become one here
    const auto given = ids.size();
    for (std::size_t i = 0; i < given; ++i) {
        auto found = by_id_.find(ids[i].value);
        for (int depth = 0; depth < deepest && found != by_id_.end(); ++depth) {
            const auto parent = places_[found->second].parent;
            if (!parent) break;
            ids.push_back(parent);
            found = by_id_.find(parent.value);
        }
    }
    ids.push_back({}); // the whole
    std::ranges::sort(ids);
    ids.erase(std::ranges::unique(ids).begin(), ids.end());
    return ids;
}

void ImportTally::there(Of kind, StructureIds structures, std::int64_t count) {
    for (auto structure : places_.with_above(std::move(structures))) counts_[kind][structure.value].of += count;
}

void ImportTally::ends(Of kind, StructureIds before, StructureIds after, std::int64_t count) {
    const auto old = places_.with_above(std::move(before));
    StructureIds now, gone;
    if (!after.empty()) now = places_.with_above(std::move(after));
    std::ranges::set_difference(old, now, std::back_inserter(gone));
    for (auto structure : gone) counts_[kind][structure.value].ends += count;
}

std::vector<ImportBrake> ImportTally::brakes(bool rentree) const {
    constexpr std::string_view words[] = {"structure", "person", "class", "membership"};
    constexpr std::size_t most_told = 100; // of an empty list every structure would be one
    std::vector<ImportBrake> found;
    for (const auto kind : {Of::Structures, Of::People, Of::Classes, Of::Memberships}) {
        if (rentree && (kind == Of::Classes || kind == Of::Memberships)) continue;
        const auto& counts = counts_[kind];
        StructureIds braked, explained;
        for (const auto& [structure, count] : counts)
            if (count.ends > import_brake_floor && count.ends * 100 > count.of * import_brake_percent)
                braked.push_back(StructureId{structure});
        std::ranges::sort(braked);
        // Where a school is braked, its académie says nothing new.
        for (auto structure : braked)
            for (auto above : places_.with_above({structure}))
                if (above != structure) explained.push_back(above);
        std::ranges::sort(explained);
        for (auto structure : braked) {
            if (found.size() == most_told) return found;
            if (std::ranges::binary_search(explained, structure)) continue;
            const auto& count = counts.at(structure.value);
            found.push_back({.kind = std::string{words[static_cast<std::size_t>(kind)]},
                             .structure = places_.name_of(structure),
                             .ends = count.ends,
                             .of = count.of});
        }
    }
    return found;
}

} // namespace preau::identity
