#include "sharing/audit.hpp"

#include "audit_append.hpp"
#include "audit_chain.hpp"
#include "audit_store.hpp"
#include "base/seal.hpp"

#include "base/log.hpp"
#include "base/text.hpp"

#include <fstream>
#include <limits>
#include <map>

namespace preau::sharing {
namespace {

constexpr std::int64_t largest_block = 1'000; // entries
constexpr Millis seal_every = 1_min;
constexpr db::Lane seal_lane{0x4155'4449'545f'5345};

// Nothing to seal: nothing.
std::optional<AuditAnchor> seal_some(db::Tx& tx, Millis now) {
    const auto head = store::audit_head(tx);
    const auto before = store::audit_block(tx, head.block).value_or(store::AuditBlock{});
    const auto first = before.last_entry + 1;
    const auto entries = store::audit_range(tx, first, std::min(head.entry, before.last_entry + largest_block));
    if (entries.empty()) return std::nullopt;
    const AuditAnchor made{.block = head.block + 1, .hash = audit_hash(head.hash, head.block + 1, entries)};
    store::insert_audit_block(tx, {.number = made.block,
                                   .first_entry = first,
                                   .last_entry = entries.back().number,
                                   .sealed_at = now,
                                   .hash = made.hash});
    store::move_audit_block(tx, made.block, made.hash);
    return made;
}

} // namespace

struct Audit::Inner {
    db::Database& db;
    World& world;
    AuditOptions options;

    int seal() {
        int blocks = 0;
        while (auto made =
                   db.write_now([now = world.clock.now()](db::Tx& tx) { return seal_some(tx, now); }, seal_lane)) {
            ++blocks;
            log::info("audit: sealed block={} hash={}", made->block, hex(made->hash));
            note(*made);
        }
        return blocks;
    }

    // Outside the database, and whole at every moment.
    void note(const AuditAnchor& anchor) const {
        if (options.anchor_file.empty()) return;
        auto fresh = options.anchor_file;
        fresh += ".new";
        {
            std::ofstream file{fresh, std::ios::binary | std::ios::trunc};
            file << to_line(anchor);
            if (!file.flush())
                throw std::runtime_error{"the end of the audit journal cannot be noted in " + fresh.string()};
        }
        std::filesystem::rename(fresh, options.anchor_file);
    }

    std::optional<AuditAnchor> noted() const {
        std::ifstream file{options.anchor_file, std::ios::binary};
        std::string line;
        if (!file || !std::getline(file, line)) return std::nullopt;
        return anchor_of(line);
    }

    Task<void> run_seal() {
        seal();
        co_return;
    }
};

Audit::Audit(db::Database& db, World& world, AuditOptions options)
    : inner_{std::make_unique<Inner>(db, world, std::move(options))} {
    world.jobs.subscribe(
        "audit", audited_kinds(),
        [&world](db::Tx& tx, std::span<const jobs::Event> events) { append_audit(tx, world, events); },
        jobs::Jobs::Start::FromTheBeginning);
    world.jobs.handle("audit.seal", [inner = inner_.get()](jobs::Job) { return inner->run_seal(); }, {.at_once = 1});
    world.jobs.every(seal_every, "audit.seal");
}

Audit::~Audit() = default;

int Audit::seal() { return inner_->seal(); }

AuditVerdict Audit::verify() {
    return inner_->db.read_now([anchor = inner_->noted()](db::Tx& tx) { return verify_audit(tx, anchor); });
}

AuditEnd audit_end(db::Tx& tx) {
    const auto head = store::audit_head(tx);
    const auto block = store::audit_block(tx, head.block).value_or(store::AuditBlock{});
    return {.entry = head.entry,
            .block = head.block,
            .sealed = block.last_entry,
            .sealed_at = block.sealed_at,
            .hash = head.hash};
}

std::vector<AuditEntry> audit_entries(db::Tx& tx, const AuditFilter& filter, int limit) {
    constexpr auto all = std::numeric_limits<std::int64_t>::max();
    store::AuditSieve sieve{
        .item = filter.item, .kind = filter.kind, .before = filter.before > 0 ? filter.before : all};
    if (filter.person) {
        const auto found = store::audit_people(tx, {filter.person.value});
        if (found.empty()) return {};
        sieve.person = found.front().pseudonym;
    }
    // Moments become numbers: entries are in the order of time, but for those of two transactions at once.
    if (filter.from) sieve.first = store::first_audit_entry_at(tx, *filter.from);
    if (filter.until) sieve.before = std::min(sieve.before, store::first_audit_entry_at(tx, *filter.until));
    return store::audit_sifted(tx, sieve, std::min(limit, 501));
}

std::vector<std::pair<Pseudonym, std::string>> audit_names(db::Tx& tx, const std::vector<Pseudonym>& people) {
    std::vector<std::int64_t> ids;
    for (auto person : people)
        if (person) ids.push_back(person.value);
    std::map<Pseudonym, std::string> keys;
    for (auto& known : store::audit_people_called(tx, ids)) keys[known.pseudonym] = std::move(known.key);
    std::vector<std::pair<Pseudonym, std::string>> names;
    for (const auto& entry : store::audit_name_entries(tx, ids)) {
        const auto key = keys.find(entry.actor);
        auto sealed = base64url_decode(entry.detail);
        if (key == keys.end() || !sealed) continue;
        if (auto name = unseal(key->second, "audit:" + to_text(entry.actor), *sealed))
            names.emplace_back(entry.actor, std::move(*name));
    }
    return names;
}

} // namespace preau::sharing
