// The registry of kinds: what an app says of each kind of item that it owns when the server starts.
#pragma once

#include "sharing/item.hpp"

#include <map>
#include <string>
#include <string_view>

namespace preau::sharing {

struct Kind {
    std::string name;    // "folder"
    std::string app;     // "files": hue and section
    std::string icon;    // name in the sprite
    std::string address; // prefix of its page: "/files/" + id
    std::string words = {};  // translation key of what it is called: "files.kind_folder"; empty: not said
    bool listed = true;  // shown in recents and on class pages; not for spaces and trashes
    // Where the icon depends on the title (a file's ending): else null.
    std::string_view (*icon_by_title)(std::string_view title) = nullptr;

    std::string_view icon_of(std::string_view title) const { return icon_by_title ? icon_by_title(title) : icon; }
};

class Kinds {
public:
    void add(Kind kind);                          // a name twice is a bug
    const Kind& of(std::string_view name) const;  // an unknown kind answers a plain one without address
    std::string address(std::string_view kind, ItemId item) const; // "/files/6k2…"

private:
    std::map<std::string, Kind, std::less<>> kinds_;
};

} // namespace preau::sharing
