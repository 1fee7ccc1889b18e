#include "audit_chain.hpp"

#include "base/secret.hpp"
#include "base/text.hpp"

#include <charconv>
#include <fmt/format.h>

namespace preau::sharing {

std::string audit_hash(std::string_view before, std::int64_t block, std::span<const AuditEntry> entries) {
    Sha256 digest;
    auto add = [&digest](std::string_view text) { digest.update(std::as_bytes(std::span{text})); };
    add(before);
    add(fmt::format("block {} of {}\n", block, entries.size()));
    for (const auto& entry : entries)
        add(fmt::format("{} {} {} {} {} {} {} {}:{} {}:{}\n", entry.number, entry.position, entry.at, entry.item.value,
                        entry.actor.value, entry.about.value, entry.link.value, entry.kind.size(), entry.kind,
                        entry.detail.size(), entry.detail));
    return digest.finish();
}

std::string to_line(const AuditAnchor& anchor) { return fmt::format("{} {}\n", anchor.block, hex(anchor.hash)); }

std::optional<AuditAnchor> anchor_of(std::string_view line) {
    AuditAnchor anchor;
    line = trimmed(line);
    const auto blank = line.find(' ');
    if (blank == line.npos) return std::nullopt;
    const auto* end = line.data() + blank;
    if (std::from_chars(line.data(), end, anchor.block).ptr != end) return std::nullopt;
    auto hash = hex_decode(line.substr(blank + 1));
    constexpr std::size_t size = 32;
    if (!hash || hash->size() != size) return std::nullopt;
    anchor.hash = std::move(*hash);
    return anchor;
}

} // namespace preau::sharing
