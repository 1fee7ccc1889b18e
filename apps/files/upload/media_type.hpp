// What a name's ending says about a file: media type, icon, hue, one word. Only a guess for drawing and downloading:
// what people upload is always sent with `nosniff` and a sandbox, so that a wrong guess is harmless.
#pragma once

#include <string_view>

namespace preau::files {

struct MediaType {
    std::string_view ending; // lower case, without dot
    std::string_view type;
    std::string_view icon; // in the sprite
    std::string_view hue;  // class of the style sheet
};

const MediaType& media_type_of(std::string_view name); // unknown endings answer application/octet-stream

// The type under which a browser may show bytes of this type in place, or nothing: pictures of pixels, sound, film,
// PDF; any text as plain text. Markup never: it would be a program of whoever uploaded it.
std::string_view shown_as(std::string_view type);

} // namespace preau::files
