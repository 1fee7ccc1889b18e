// Mustache (its public specification is the test: interpolation, sections, inverted sections, comments, partials;
// delimiters are left out) bound to described structs when loaded: an unknown name is an error at load, never an empty
// string. Flags are `bool` members; lists, optionals, texts and described members open sections; `Html` alone is raw.
// `{{#t}}forum.topics{{/t}}` is the translation of that key, resolved at load; it may hold `{name}` placeholders, which
// are names of the view at that place. `{{#icon}}folder{{/icon}}` is an icon of the sprite,
// `{{#asset}}base.css{{/asset}}` the address of an asset. Compiled templates are immutable and shared between threads.
// A template whose name ends in ".txt" writes plain text: nothing is escaped there.
// libs/web/README.md has a table.
#pragma once

#include "web/view_type.hpp"

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace preau::web {

class Template;

// Where the text of a template or partial comes from: embedded in release, from disk in development.
using TemplateSource = std::function<std::optional<std::string>(std::string_view name)>;
using Translate = std::function<std::string(std::string_view key)>; // throws TemplateError for an unknown key

struct TemplateError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// What assets and icons there are; both throw TemplateError for an unknown name.
struct TemplateAssets {
    std::function<std::string(std::string_view name)> address;
    std::function<void(std::string_view icon)> check_icon;
};
TemplateAssets built_assets(); // those of the build, web/assets

// Throws TemplateError with name and line.
std::shared_ptr<const Template> compile(std::string_view name, const ViewType& type, const TemplateSource& source,
                                        const Translate& translate, const TemplateAssets& assets = built_assets());
void render(const Template& compiled, const void* view, std::string& out);

} // namespace preau::web
