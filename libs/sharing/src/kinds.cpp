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

} // namespace preau::sharing
