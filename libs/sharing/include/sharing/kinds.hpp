// The registry of kinds: what an app says of each kind of item that it owns when the server starts, and the hooks by
// which sharing asks the apps without knowing them. Each hook has a user today:
//
//   icon, address, words, listed   lists, recents, queues, links
//   cards      what a row says below the title: approvals, reports, home
//   retention  how long the trash keeps it, where it differs from the installation's rule: the purge of the trash
//   erase      deletes the app's rows of purged items and releases their bytes: the purge of the trash
//   add_waits  what waits for a person, one source per app: "Ce qui vous attend" on the home page
//   add_eraser rows of other libraries that hang on items of any kind (comments): the purge of the trash
//
// A service's tile is web::Pages::add_service, its preview preau::preview. What DESIGN §1 lists besides comes with what
// first uses it: `create_from` with the menu "Créer", notification kinds, search source, exporter. Handing over who
// leaves is sharing/hand_over.hpp: no app has rows of its own to add to it yet.
#pragma once

#include "sharing/item.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace preau::web {
class Locale;
}

namespace preau::sharing {

struct World; // sharing/tree.hpp

struct Kind {
    std::string name; // "folder"
    std::string app; // "files": hue and section
    std::string icon; // name in the sprite
    std::string address; // prefix of its page: "/files/" + id
    std::string words = {}; // translation key of what it is called: "files.kind_folder"; empty: not said
    bool listed = true; // shown in recents and on class pages; not for spaces and trashes
    // Where the icon depends on the title (a file's ending): else null.
    std::string_view (*icon_by_title)(std::string_view title) = nullptr;

    // "4,2 Mo", "12 éléments": for those of these items that have something to say. One query per call. No rights
    // asked.
    using Cards =
        std::function<std::map<ItemId, std::string>(db::Tx&, const std::vector<std::int64_t>&, const web::Locale&)>;
    Cards cards = {};
    std::optional<Millis> retention = {}; // in the trash; nothing: what the installation says
    // In the transaction that deletes the items; they have no children any more. Must be set, and may do nothing.
    using Erase = std::function<void(db::Tx&, World&, const std::vector<std::int64_t>&)>;
    Erase erase = {};

    std::string_view icon_of(std::string_view title) const { return icon_by_title ? icon_by_title(title) : icon; }
};

struct Waits { // one line of "Ce qui vous attend"
    std::string title; // "3 publications à valider"
    std::string detail;
    std::string href;
    std::string icon;
    std::string hue; // of the app, or "warn", "bad", "good", "info"
};
// A constant number of queries, few lines: the home page of everybody asks at 8 o'clock.
using WaitsSource = std::function<std::vector<Waits>(db::Tx&, const Viewer&, const web::Locale&, Millis now)>;

class Kinds {
public:
    void add(Kind kind); // a name twice is a bug
    const Kind& of(std::string_view name) const; // an unknown kind answers a plain one without address
    std::string address(std::string_view kind, ItemId item) const; // "/files/6k2…"
    std::vector<std::string> names() const;

    void add_waits(WaitsSource source);
    std::vector<Waits> waiting(db::Tx& tx, const Viewer& viewer, const web::Locale& locale, Millis now) const;

    void add_eraser(Kind::Erase eraser);
    // All that hangs on these items: the app's rows, then those of the other libraries.
    void erase(db::Tx& tx, World& world, std::string_view kind, const std::vector<std::int64_t>& items) const;
    // Cards of items of any kinds: one query per kind.
    std::map<ItemId, std::string> cards(db::Tx& tx, const std::vector<Item>& items, const web::Locale& locale) const;

private:
    std::map<std::string, Kind, std::less<>> kinds_;
    std::vector<WaitsSource> waits_;
    std::vector<Kind::Erase> erasers_;
};

// Kinds that sharing itself owns, and what waits for who leads a structure. Called once by whoever has the registry.
void add_own_kinds(Kinds& kinds);

} // namespace preau::sharing
