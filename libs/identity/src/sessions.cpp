#include "identity/sessions.hpp"

#include "background.hpp"
#include "identity/account_meant.hpp"
#include "person_store.hpp"
#include "secret_format.hpp"
#include "session_store.hpp"
#include "viewer_cache.hpp"

#include "base/text.hpp"
#include "identity/people.hpp"

#include <algorithm>

namespace preau::identity {
namespace {

constexpr Millis seen_every = 5_min;      // a write for each page would be most of the database's work
constexpr Millis app_password_seen_every = 1_h; // synchronising clients ask every few seconds
constexpr int most_sessions = 50;         // of one person; the oldest end
constexpr int expired_at_once = 20;
constexpr std::size_t most_login_bytes = 254;
constexpr std::size_t most_device_bytes = 100;

Viewer to_viewer(store::Holder holder, std::vector<Subject> subjects) {
    subjects.push_back(subject(holder.person));
    // A guest is not one of those who work here: what is for everyone signed in is not for them (docs/adr/0014).
    if (!holder.guest_until) subjects.push_back(signed_in);
    subjects.push_back(everybody);
    std::ranges::sort(subjects);
    return {.kind = Viewer::Kind::Person,
            .person = holder.person,
            .session = holder.session,
            .name = std::move(holder.name),
            .login = std::move(holder.login),
            .language = std::move(holder.language),
            .picture = std::move(holder.picture),
            .zone = std::move(holder.zone),
            .structure_name = std::move(holder.structure_name),
            .admin = holder.admin,
            .guest = holder.guest_until.has_value(),
            .subjects = std::move(subjects)};
}

Millis end_of(const store::Holder& holder) {
    const auto end = std::min(holder.created_at + session_lifetime, holder.seen_at + session_idle);
    return std::min(end, holder.guest_until.value_or(end));
}

struct Loaded {
    Viewer viewer;
    Millis created_at = 0;
    Millis seen_at = 0;
    Millis ends_at = 0;
};

std::optional<Loaded> load(db::Tx& tx, std::optional<store::Holder> holder, Millis now) {
    if (!holder || now >= end_of(*holder)) return std::nullopt;
    Loaded loaded{.created_at = holder->created_at, .seen_at = holder->seen_at, .ends_at = end_of(*holder)};
    auto subjects = store::subjects_of(tx, holder->person);
    loaded.viewer = to_viewer(std::move(*holder), std::move(subjects));
    return loaded;
}

std::unexpected<Error> throttled(int seconds) {
    Error error{.kind = Error::Kind::Throttled, .key = "identity.too_many_tries"};
    error.values = {{"seconds", std::to_string(seconds)}};
    error.retry_after = seconds;
    return std::unexpected(std::move(error));
}

std::string make_secret(db::Database& db, Random& random) {
    std::string fresh(32, '\0');
    random.fill(std::as_writable_bytes(std::span{fresh}));
    return db.write_now([fresh](db::Tx& tx) { return store::server_secret(tx, "signing", fresh); });
}

} // namespace

std::optional<Viewer> find_viewer(db::Tx& tx, PersonId person) {
    auto holder = store::find_holder(tx, person);
    if (!holder) return std::nullopt;
    auto subjects = store::subjects_of(tx, person);
    return to_viewer(std::move(*holder), std::move(subjects));
}

std::optional<Viewer> find_viewer(db::Tx& tx, SessionId session, Millis now) {
    auto loaded = load(tx, store::find_holder(tx, session), now);
    if (!loaded) return std::nullopt;
    return std::move(loaded->viewer);
}

struct Identity::Inner {
    Inner(db::Database& the_db, const Clock& the_clock, IdSource& the_ids, Random& the_random,
          PasswordPool::Options options)
        : db{the_db}, clock{the_clock}, ids{the_ids}, random{the_random}, secret{make_secret(db, random)},
          throttle{clock}, cache{clock}, passwords{random, options} {
        methods.push_back({.name = "password",
                           .label_key = "identity.method_password",
                           .address = "/signin",
                           .shape = SignInMethod::Shape::LoginAndSecret});
    }

    Task<void> mark_seen(Loaded loaded, Millis now) {
        return db.write(db::lane_of(loaded.viewer.session),
                        [session = loaded.viewer.session, created_at = loaded.created_at, now](db::Tx& tx) {
                            store::mark_seen(tx, session, created_at, now);
                        });
    }
    // Beside the request: the page does not wait for the disk.
    void note_seen(const Loaded& loaded, Millis now) {
        if (now - loaded.seen_at < seen_every || !background.begin(loaded.viewer.session.value)) return;
        background.run(loaded.viewer.session.value, mark_seen(loaded, now));
    }
    Task<void> mark_app_password(std::int64_t id, Millis now) {
        return db.write({static_cast<std::uint64_t>(id)},
                        [id, now](db::Tx& tx) { store::mark_app_password_used(tx, id, now); });
    }
    void note_app_password(const store::AppPassword& used, Millis now) {
        if ((used.used_at && now - *used.used_at < app_password_seen_every) || !background.begin(used.id)) return;
        background.run(used.id, mark_app_password(used.id, now));
    }
    Task<void> hash_again(PersonId person, std::string password);

    db::Database& db;
    const Clock& clock;
    IdSource& ids;
    Random& random;
    std::string secret;
    std::vector<SignInMethod> methods;
    Throttle throttle;
    ViewerCache cache;
    PasswordPool passwords;
    Background background; // last: what still runs uses the others
};

Identity::Identity(db::Database& db, const Clock& clock, IdSource& ids, Random& random, PasswordPool::Options passwords)
    : inner_{std::make_unique<Inner>(db, clock, ids, random, passwords)} {}
Identity::~Identity() = default;

// Parameters grow with the years: who signs in gets a hash of today's. A full queue leaves it for the next time.
Task<void> Identity::Inner::hash_again(PersonId person, std::string password) {
    auto phc = co_await passwords.hash(std::move(password));
    if (!phc) co_return;
    auto id = ids.next();
    auto now = clock.now();
    co_await db.write(db::lane_of(person),
                      [person, id, now, phc = *phc](db::Tx& tx) { store::put_password(tx, id, person, phc, now); });
}

Task<Result<PersonId>> Identity::check_password(std::string login, std::string password, std::string peer) {
    auto typed = to_lower_ascii(trimmed(login));
    bool possible = !typed.empty() && typed.size() <= most_login_bytes && valid_utf8(typed);
    std::optional<store::Account> account;
    if (possible) {
        const auto now = inner_->clock.now();
        account = co_await inner_->db.read([typed, now](db::Tx& tx) { return store::find_account(tx, typed, now); });
    }
    // Login and mail address of one account share its tries.
    auto name = account ? account->login : cut_to_bytes(possible ? typed : "?", most_login_bytes);
    if (auto seconds = inner_->throttle.enter(name, peer)) co_return throttled(*seconds);

    auto phc = account && !account->disabled ? account->phc : std::string{};
    auto right = co_await inner_->passwords.verify(phc, password);
    if (!right) {
        inner_->throttle.leave(name, peer, Throttle::Outcome::Undecided);
        co_return std::unexpected(right.error());
    }
    if (!*right) {
        inner_->throttle.leave(name, peer, Throttle::Outcome::Wrong);
        co_return fail(Error::Kind::Unauthenticated, "identity.wrong_password");
    }
    inner_->throttle.leave(name, peer, Throttle::Outcome::Right);
    if (inner_->passwords.outdated(phc) && inner_->background.begin(account->person.value))
        inner_->background.run(account->person.value, inner_->hash_again(account->person, std::move(password)));
    co_return account->person;
}

PersonId account_meant(db::Tx& tx, std::string_view login) {
    auto typed = to_lower_ascii(trimmed(login));
    if (typed.empty() || typed.size() > most_login_bytes || !valid_utf8(typed)) return {};
    constexpr Millis whenever = 0; // also of a guest past their end
    auto account = store::find_account(tx, typed, whenever);
    return account ? account->person : PersonId{};
}

namespace {
struct AppSignIn {
    store::AppPassword used;
    Viewer viewer;
};

std::optional<AppSignIn> find_app_sign_in(db::Tx& tx, const std::string& hash, const std::string& login, Millis now) {
    auto used = store::find_app_password(tx, hash, login, now);
    if (!used) return std::nullopt;
    auto viewer = find_viewer(tx, used->person);
    if (!viewer) return std::nullopt;
    return AppSignIn{*used, std::move(*viewer)};
}
} // namespace

// Guessing 160 bits is hopeless, so nothing is counted: a phone that was forgotten with a revoked password asks for
// ever, and must not lock its owner out.
Task<std::optional<Viewer>> Identity::viewer_of_app_password(std::string login, std::string secret, std::string) {
    auto bare = bare_app_password(secret);
    if (bare.empty() || login.size() > most_login_bytes || !valid_utf8(login)) co_return std::nullopt;
    auto name = to_lower_ascii(login);
    auto hash = sha256(bare);
    auto key = sha256(hash + name);
    if (auto cached = inner_->cache.find(key)) co_return cached;
    auto epoch = inner_->cache.epoch();
    const auto now = inner_->clock.now();
    auto found =
        co_await inner_->db.read([hash, name, now](db::Tx& tx) { return find_app_sign_in(tx, hash, name, now); });
    if (!found) co_return std::nullopt;
    inner_->cache.put(key, found->viewer, epoch, now + session_idle);
    inner_->note_app_password(found->used, now);
    co_return std::move(found->viewer);
}

Task<Result<NewSession>> Identity::start_session(SignIn sign_in) {
    NewSession session{.token = inner_->random.token(32), .id = inner_->ids.next_as<SessionId>()};
    auto now = inner_->clock.now();
    store::NewSessionRow row{.id = session.id,
                             .hash = sha256(session.token),
                             .person = sign_in.person,
                             .now = now,
                             .second_at = sign_in.second ? now : 0,
                             .device =
                                 valid_utf8(sign_in.device) ? cut_to_bytes(sign_in.device, most_device_bytes) : "",
                             .network = network_of(sign_in.peer)};
    auto replaced_hash = looks_like_token(sign_in.replaced) ? sha256(sign_in.replaced) : std::string{};
    auto made = co_await inner_->db.write(
        db::lane_of(row.person), [row, replaced_hash, spend = std::move(sign_in.spend)](db::Tx& tx) -> Result<void> {
            if (spend) TRY(spend(tx));
            if (!replaced_hash.empty()) store::delete_session_by_hash(tx, replaced_hash);
            store::delete_expired(tx, row.now, expired_at_once);
            store::insert_session(tx, row);
            store::delete_sessions_beyond(tx, row.person, most_sessions);
            return {};
        });
    if (!made) co_return std::unexpected(std::move(made.error()));
    // The replaced session may be somebody else's, on a shared computer.
    if (!replaced_hash.empty()) inner_->cache.drop_all();
    co_return session;
}

Task<NewSession> Identity::start_session(PersonId person, std::string device, std::string peer, std::string replaced) {
    SignIn sign_in{.person = person,
                   .device = std::move(device),
                   .peer = std::move(peer),
                   .replaced = std::move(replaced),
                   .spend = nullptr};
    auto session = co_await start_session(std::move(sign_in));
    co_return std::move(session.value()); // nothing is spent, so nothing refuses
}

Task<Viewer> Identity::viewer_of_session(std::string token) {
    if (!looks_like_token(token)) co_return Viewer{};
    auto hash = sha256(token);
    if (auto cached = inner_->cache.find(hash)) co_return std::move(*cached);
    auto epoch = inner_->cache.epoch();
    auto now = inner_->clock.now();
    auto loaded = co_await inner_->db.read(
        [hash, now](db::Tx& tx) { return load(tx, store::find_holder_by_hash(tx, hash), now); });
    if (!loaded) co_return Viewer{};
    inner_->cache.put(hash, loaded->viewer, epoch, loaded->ends_at);
    inner_->note_seen(*loaded, now);
    co_return std::move(loaded->viewer);
}

Task<void> Identity::end_session(PersonId person, SessionId session) {
    co_await inner_->db.write(db::lane_of(person),
                              [person, session](db::Tx& tx) { store::delete_session(tx, person, session); });
    inner_->cache.drop(person);
}

Task<void> Identity::end_other_sessions(PersonId person, SessionId kept) {
    co_await inner_->db.write(db::lane_of(person),
                              [person, kept](db::Tx& tx) { store::delete_sessions_of(tx, person, kept); });
    inner_->cache.drop(person);
}

std::vector<SessionRow> Identity::sessions(db::Tx& tx, PersonId person) const {
    return store::sessions_of(tx, person, inner_->clock.now());
}

void Identity::forget(PersonId person) { inner_->cache.drop(person); }
void Identity::forget_all() { inner_->cache.drop_all(); }
const std::vector<SignInMethod>& Identity::methods() const { return inner_->methods; }
void Identity::add_method(SignInMethod method) { inner_->methods.push_back(std::move(method)); }
PasswordPool& Identity::passwords() { return inner_->passwords; }
Throttle& Identity::throttle() { return inner_->throttle; }

std::string Identity::signing_key(std::string_view purpose) const { return hmac_sha256(inner_->secret, purpose); }

} // namespace preau::identity
