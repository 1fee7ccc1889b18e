#include "audit_chain.hpp"
#include "audit_store.hpp"

#include <fmt/format.h>
#include <limits>

namespace preau::sharing {
namespace {

constexpr int blocks_at_once = 100;

std::string gap_in(const std::vector<AuditEntry>& entries, std::int64_t first, std::int64_t last) {
    auto due = first;
    for (const auto& entry : entries) {
        if (entry.number != due) break;
        ++due;
    }
    return due > last ? std::string{} : fmt::format("entry {} is missing", due);
}

// What is wrong with this block, coming after `before`; empty: nothing.
std::string flaw_of(db::Tx& tx, const store::AuditBlock& block, const store::AuditBlock& before) {
    if (block.number != before.number + 1) return fmt::format("block {} is missing", before.number + 1);
    if (block.first_entry != before.last_entry + 1 || block.last_entry < block.first_entry)
        return fmt::format("block {} does not go on where block {} ends", block.number, before.number);
    const auto entries = store::audit_range(tx, block.first_entry, block.last_entry);
    if (auto gap = gap_in(entries, block.first_entry, block.last_entry); !gap.empty())
        return fmt::format("{}, of block {}", gap, block.number);
    if (audit_hash(before.hash, block.number, entries) != block.hash)
        return fmt::format("block {} (entries {} to {}) is not what was sealed", block.number, block.first_entry,
                           block.last_entry);
    return {};
}

std::string flaw_of_end(db::Tx& tx, const store::AuditBlock& last, AuditVerdict& verdict) {
    const auto head = store::audit_head(tx);
    if (head.block != last.number || head.hash != last.hash)
        return fmt::format("the journal ends with block {}, but block {} was the last to be sealed", last.number,
                           head.block);
    const auto rest = store::audit_range(tx, last.last_entry + 1, std::numeric_limits<std::int64_t>::max());
    if (auto gap = gap_in(rest, last.last_entry + 1, head.entry); !gap.empty()) return gap + ", not sealed yet";
    if (!rest.empty() && rest.back().number > head.entry)
        return fmt::format("entry {} was not written by this server", rest.back().number);
    verdict.unsealed = static_cast<std::int64_t>(rest.size());
    verdict.entries += verdict.unsealed;
    return {};
}

std::string flaw_of_anchor(db::Tx& tx, const AuditAnchor& anchor) {
    if (anchor.block == 0) return {};
    const auto block = store::audit_block(tx, anchor.block);
    if (!block) return fmt::format("block {} was noted outside the database and is gone", anchor.block);
    if (block->hash != anchor.hash)
        return fmt::format("block {} is not the one that was noted outside the database", anchor.block);
    return {};
}

} // namespace

AuditVerdict verify_audit(db::Tx& tx, const std::optional<AuditAnchor>& anchor) {
    AuditVerdict verdict;
    store::AuditBlock last;
    for (bool more = true; more && verdict.broken.empty();) {
        const auto blocks = store::audit_blocks(tx, last.number, blocks_at_once);
        more = blocks.size() == blocks_at_once;
        for (const auto& block : blocks) {
            verdict.broken = flaw_of(tx, block, last);
            if (!verdict.broken.empty()) break;
            verdict.blocks += 1;
            verdict.entries += block.last_entry - block.first_entry + 1;
            last = block;
        }
    }
    verdict.hash = last.hash;
    if (verdict.broken.empty()) verdict.broken = flaw_of_end(tx, last, verdict);
    if (verdict.broken.empty() && anchor) verdict.broken = flaw_of_anchor(tx, *anchor);
    return verdict;
}

} // namespace preau::sharing
