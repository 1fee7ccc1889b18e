// The audit journal: append-only, fed by the outbox, sealed by a chain of hashes. It holds opaque numbers: a person
// stands under a pseudonym, the name is an entry sealed with a key of that person, and erasure destroys key and
// pseudonym's owner. The chain covers the sealed name, so it still verifies afterwards.
//
// What the chain proves: nothing before the last seal was changed, removed, added or put in another order. What it
// cannot prove alone: that nobody with the whole database in hand wrote it anew. For that the end of the chain stands
// outside the database too: in a file beside it, in the log, and on the paper of who ran `preau audit verify`.
#pragma once

#include "sharing/tree.hpp"

#include <filesystem>

namespace preau::sharing {

using Pseudonym = Id<struct PseudonymTag>;

struct AuditEntry {
    std::int64_t number = 0;
    std::int64_t position = 0;
    Millis at = 0;
    std::string kind;
    ItemId item;
    Pseudonym actor, about;
    LinkId link;
    std::string detail; // JSON: subject_kind, subject, role, deposit, until, link, count, job
};
PREAU_DESCRIBE(AuditEntry, number, position, at, kind, item, actor, about, link, detail)

struct AuditFilter { // all that are set must hold
    ItemId item;
    PersonId person; // who did it, or whom it was about
    std::string kind;
    std::optional<Millis> from, until; // [from, until)
    std::int64_t before = 0; // page key: entries below this number; 0: the latest
};
// Latest first. Constant number of queries. At most 500.
std::vector<AuditEntry> audit_entries(db::Tx& tx, const AuditFilter& filter, int limit);
// Names behind pseudonyms, as they were when first written; without those that were erased.
std::vector<std::pair<Pseudonym, std::string>> audit_names(db::Tx& tx, const std::vector<Pseudonym>& people);
// What erasing a person does to the journal: the key goes, the entries stay and are nobody's.
void audit_forget(db::Tx& tx, PersonId person);

struct AuditEnd {
    std::int64_t entry = 0;  // last written
    std::int64_t block = 0;  // last sealed
    std::int64_t sealed = 0; // last entry in it
    Millis sealed_at = 0;
    std::string hash;        // raw
};
AuditEnd audit_end(db::Tx& tx);

struct AuditAnchor { // the end of the chain as somebody noted it
    std::int64_t block = 0;
    std::string hash; // raw
};
struct AuditVerdict {
    std::int64_t blocks = 0, entries = 0, unsealed = 0; // that hold
    std::string hash; // raw, of the last block
    std::string broken; // empty: nothing is; else a sentence that says what and where
};
// Reads the whole journal, a block at a time.
AuditVerdict verify_audit(db::Tx& tx, const std::optional<AuditAnchor>& anchor);

struct AuditOptions {
    std::filesystem::path anchor_file; // empty: none
};

class Audit {
public:
    // Registers the subscriber "audit", the job "audit.seal" and its timer: before jobs.start().
    Audit(db::Database& db, World& world, AuditOptions options);
    ~Audit();
    Audit(const Audit&) = delete;
    int seal();            // what is not sealed yet, now; answers the blocks made
    AuditVerdict verify(); // against the file too

private:
    struct Inner;
    std::unique_ptr<Inner> inner_;
};

} // namespace preau::sharing
