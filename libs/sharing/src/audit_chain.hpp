// The chain of hashes over the audit journal: pure functions.
#pragma once

#include "sharing/audit.hpp"

#include <span>

namespace preau::sharing {

// SHA-256 over the block before, the block's number and every field of its entries, each with its length where it is
// text, so that no two journals have one encoding.
std::string audit_hash(std::string_view before, std::int64_t block, std::span<const AuditEntry> entries);

// "12 5f3a…\n" of the file.
std::string to_line(const AuditAnchor& anchor);
std::optional<AuditAnchor> anchor_of(std::string_view line);

} // namespace preau::sharing
