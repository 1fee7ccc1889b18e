#include "sharing/kinds.hpp"

#include "base/assert.hpp"

namespace preau::sharing {

void Kinds::add(Kind kind) {
    auto name = kind.name;
    const bool added = kinds_.try_emplace(std::move(name), std::move(kind)).second;
    PREAU_ASSERT(added);
}

const Kind& Kinds::of(std::string_view name) const {
    static const Kind plain{.name = "", .app = "", .icon = "file", .address = "", .listed = false};
    auto found = kinds_.find(name);
    return found == kinds_.end() ? plain : found->second;
}

std::string Kinds::address(std::string_view kind, ItemId item) const {
    const auto& prefix = of(kind).address;
    return prefix.empty() ? std::string{} : prefix + to_text(item);
}

std::vector<std::string> Kinds::names() const {
    std::vector<std::string> names;
    for (const auto& [name, kind] : kinds_) names.push_back(name);
    return names;
}

void Kinds::add_waits(WaitsSource source) { waits_.push_back(std::move(source)); }

std::vector<Waits> Kinds::waiting(db::Tx& tx, const Viewer& viewer, const web::Locale& locale, Millis now) const {
    std::vector<Waits> all;
    for (const auto& source : waits_) std::ranges::move(source(tx, viewer, locale, now), std::back_inserter(all));
    return all;
}

void Kinds::add_eraser(Kind::Erase eraser) { erasers_.push_back(std::move(eraser)); }

void Kinds::erase(db::Tx& tx, World& world, std::string_view kind, const std::vector<std::int64_t>& items) const {
    if (const auto& own = of(kind).erase) own(tx, world, items);
    for (const auto& eraser : erasers_) eraser(tx, world, items);
}

std::map<ItemId, std::string> Kinds::cards(db::Tx& tx, const std::vector<Item>& items,
                                           const web::Locale& locale) const {
    std::map<std::string, std::vector<std::int64_t>, std::less<>> by_kind;
    for (const auto& item : items) by_kind[item.kind].push_back(item.id.value);
    std::map<ItemId, std::string> all;
    for (const auto& [kind, ids] : by_kind)
        if (const auto& cards = of(kind).cards) all.merge(cards(tx, ids, locale));
    return all;
}

} // namespace preau::sharing
