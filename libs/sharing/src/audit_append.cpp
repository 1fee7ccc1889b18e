#include "audit_append.hpp"

#include "audit_store.hpp"
#include "base/seal.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "identity/people.hpp"

#include <map>
#include <set>

namespace preau::sharing {
namespace {

// What is kept of an event's detail: numbers and words of ours. Titles, reasons and names stay out.
struct Kept {
    std::optional<std::string> subject_kind, subject, role, link, job;
    std::optional<bool> deposit;
    std::optional<std::int64_t> until, count;
    std::optional<std::string> structure;
};
PREAU_DESCRIBE(Kept, subject_kind, subject, role, link, job, deposit, until, count, structure)

// A word of ours or an id, never a sentence.
std::optional<std::string> word(const json::Value& value) {
    constexpr std::size_t longest = 40;
    auto text = value.text();
    if (!text || text->size() > longest) return std::nullopt;
    auto ours = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || std::string_view{"._-:"}.contains(c);
    };
    return std::ranges::all_of(*text, ours) ? text : std::nullopt;
}

struct Read { // an event with its detail understood
    const jobs::Event* event = nullptr;
    Kept kept;
    PersonId about;
};

Read read(const jobs::Event& event) {
    Read read{.event = &event};
    auto detail = json::parse(event.detail);
    if (!detail) return read;
    read.kept = {.subject_kind = word((*detail)["subject_kind"]),
                 .subject = word((*detail)["subject"]),
                 .role = word((*detail)["role"]),
                 .link = word((*detail)["link"]),
                 .job = word((*detail)["job"]),
                 .deposit = (*detail)["deposit"].boolean(),
                 .until = (*detail)["until"].integer(),
                 .count = (*detail)["count"].integer(),
                 .structure = word((*detail)["structure"])};
    if (read.kept.subject_kind == "person") {
        read.about = parse_id<PersonId>(read.kept.subject.value_or("")).value_or(PersonId{});
        read.kept.subject.reset(); // a pseudonym stands for it
    }
    return read;
}

Pseudonym new_pseudonym(Random& random) {
    std::array<std::byte, 8> bytes{};
    std::uint64_t number = 0;
    while (number == 0) {
        random.fill(bytes);
        for (auto byte : bytes) number = number << 8 | std::to_integer<std::uint64_t>(byte);
        number &= 0x7fff'ffff'ffff'ffff;
    }
    return Pseudonym{static_cast<std::int64_t>(number)};
}

std::string new_key(Random& random) {
    std::array<std::byte, 32> bytes{};
    random.fill(bytes);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Gives those who appear for the first time a pseudonym, and writes their names.
class Cast {
public:
    Cast(db::Tx& tx, World& world, const std::set<std::int64_t>& people, Millis at, std::int64_t& last) {
        std::vector<std::int64_t> ids{people.begin(), people.end()};
        for (const auto& known : store::audit_people(tx, ids)) pseudonyms_[known.person.value] = known.pseudonym;
        std::erase_if(ids, [this](std::int64_t id) { return pseudonyms_.contains(id); });
        std::map<std::int64_t, std::string> names;
        if (!ids.empty())
            for (auto& person : identity::people_of(tx, ids)) names[person.id.value] = std::move(person.name);
        for (auto id : ids) {
            const store::AuditPerson person{
                .person = PersonId{id}, .pseudonym = new_pseudonym(world.random), .key = new_key(world.random)};
            store::insert_audit_person(tx, person);
            pseudonyms_[id] = person.pseudonym;
            store::insert_audit_entry(tx, {.number = ++last,
                                           .at = at,
                                           .kind = "person.named",
                                           .actor = person.pseudonym,
                                           .detail = base64url(seal(world.random, person.key,
                                                                    "audit:" + to_text(person.pseudonym), names[id]))});
        }
    }
    Pseudonym of(std::int64_t person) const {
        auto found = pseudonyms_.find(person);
        return found == pseudonyms_.end() ? Pseudonym{} : found->second;
    }

private:
    std::map<std::int64_t, Pseudonym> pseudonyms_;
};

} // namespace

std::vector<std::string> audited_kinds() {
    return {"item.granted",     "item.ungranted", "item.restricted", "item.inherits", "item.moved",
            "item.trashed",     "item.restored",  "item.purged",     "item.erased",   "item.expired",
            "item.handed_over", "link.",          "publishing.",     "report.",       "structure.",
            "space.",           "admin.",         "session.",        "person.",       "group.",
            "guest.",           "announcement.",  "class."};
}

void append_audit(db::Tx& tx, World& world, std::span<const jobs::Event> events) {
    std::vector<Read> all;
    std::set<std::int64_t> people;
    for (const auto& event : events) {
        all.push_back(read(event));
        if (event.actor) people.insert(event.actor);
        if (all.back().about) people.insert(all.back().about.value);
    }
    auto last = store::audit_head(tx).entry;
    const Cast cast{tx, world, people, events.front().at, last}; // of that time, so that moments stay in order
    for (const auto& one : all)
        store::insert_audit_entry(tx, {.number = ++last,
                                       .position = one.event->position,
                                       .at = one.event->at,
                                       .kind = one.event->kind,
                                       .item = ItemId{one.event->item},
                                       .actor = cast.of(one.event->actor),
                                       .about = cast.of(one.about.value),
                                       .link = LinkId{one.event->link},
                                       .detail = json::text_of(one.kept)});
    store::move_audit_entry(tx, last);
}

} // namespace preau::sharing
