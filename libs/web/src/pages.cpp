#include "web/pages.hpp"

#include "base/text.hpp"
#include "resources.hpp"
#include "shell_view.hpp"

#include <fmt/core.h>

#include <mutex>
#include <shared_mutex>

namespace preau::web {
namespace {

constexpr std::string_view app_shell = "web/pages/app_shell.html";
constexpr std::string_view family_shell = "web/pages/family_shell.html";
constexpr std::string_view entry_shell = "web/pages/entry_shell.html";

std::string_view shell_template(Shell::Kind kind) {
    switch (kind) {
    case Shell::Kind::Family: return family_shell;
    case Shell::Kind::Entry: return entry_shell;
    default: return app_shell;
    }
}

struct SourceFile { // of a compiled template, to see in development that it changed
    std::string name;
    std::filesystem::path path; // empty: embedded
    std::filesystem::file_time_type written;
};

struct Key {
    std::string_view name;
    const ViewType* type;
    Language language;
    friend auto operator<=>(const Key&, const Key&) = default;
};

struct Loaded {
    std::string name; // the key's view points here
    std::shared_ptr<const Template> program; // shared: pages in flight keep a replaced one alive
    std::vector<SourceFile> sources;
};

Translate translation_in(Language language) {
    return [language](std::string_view key) {
        const auto& locale = Locale::of(language);
        if (!locale.has(key)) throw TemplateError(fmt::format("unknown text '{}' in {}", key, code(language)));
        return locale.text(key);
    };
}

std::string policy_with(std::string_view content) {
    return fmt::format("default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
                       "img-src 'self' data: blob:{0}; media-src 'self'{0}; frame-src 'self'{0}; manifest-src 'self'; "
                       "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; "
                       "require-trusted-types-for 'script'",
                       content.empty() ? "" : fmt::format(" {}", content));
}

} // namespace

struct Pages::Inner {
    std::filesystem::path root;
    bool development = false;
    std::vector<ServiceLink> french;
    std::vector<ServiceLink> english;
    std::string policy = policy_with("");
    std::shared_mutex mutex;
    std::map<Key, std::unique_ptr<Loaded>> loaded;

    std::filesystem::path disk() const { return root.empty() ? built_source_root() : root; }

    std::unique_ptr<Loaded> load(const Key& key) const {
        auto entry = std::make_unique<Loaded>();
        entry->name = key.name;
        const TemplateSource source = [&](std::string_view name) {
            SourceFile file{.name = std::string{name}, .path = {}, .written = {}};
            if (auto path = disk().empty() ? std::nullopt : template_path(disk(), name)) {
                file.path = *path;
                file.written = std::filesystem::last_write_time(*path);
            }
            entry->sources.push_back(std::move(file));
            return template_text(root, name);
        };
        if (const auto built = assets_built()) // compiled pages hold the addresses of assets
            entry->sources.push_back({.name = "manifest.json", .path = manifest_path(), .written = *built});
        entry->program = compile(entry->name, *key.type, source, translation_in(key.language));
        return entry;
    }

    static bool fresh(const Loaded& entry) {
        return std::ranges::all_of(entry.sources, [](const SourceFile& source) {
            if (source.path.empty()) return true;
            std::error_code problem;
            return std::filesystem::last_write_time(source.path, problem) == source.written && !problem;
        });
    }

    std::shared_ptr<const Template> program(std::string_view name, const ViewType& type, Language language) {
        const Key key{name, &type, language};
        {
            std::shared_lock lock{mutex};
            const auto found = loaded.find(key);
            if (found != loaded.end() && (!development || fresh(*found->second))) return found->second->program;
        }
        auto entry = load(key); // outside the lock: two readers may compile the same page, the later one stays
        auto compiled = entry->program;
        std::unique_lock lock{mutex};
        loaded.erase(key);
        const Key kept{entry->name, &type, language};
        loaded.emplace(kept, std::move(entry));
        return compiled;
    }
};

Pages::Pages(std::filesystem::path source_root, bool development) : inner_{std::make_unique<Inner>()} {
    inner_->root = std::move(source_root);
    inner_->development = development;
    for (auto shell : {app_shell, family_shell, entry_shell}) preload<ShellView>(shell);
    preload<ErrorView>(error_template);
}

Pages::~Pages() = default;
Pages::Pages(Pages&&) noexcept = default;

void Pages::add_service(ServiceLink french, ServiceLink english) {
    inner_->french.push_back(std::move(french));
    inner_->english.push_back(std::move(english));
}

const std::vector<ServiceLink>& Pages::services(Language language) const {
    return language == Language::French ? inner_->french : inner_->english;
}

void Pages::allow_content_from(std::string origin) { inner_->policy = policy_with(origin); }

void Pages::preload_of(std::string_view name, const ViewType& type) {
    for (auto language : {Language::French, Language::English}) inner_->program(name, type, language);
}

std::vector<std::string> Pages::never_loaded(std::string_view app) const {
    std::vector<std::string> names;
    const auto folder = inner_->disk() / "apps";
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder / app})
        if (entry.path().extension() == ".html") names.push_back(entry.path().lexically_relative(folder).string());
    std::shared_lock lock{inner_->mutex};
    for (const auto& [key, loaded] : inner_->loaded)
        for (const auto& source : loaded->sources) std::erase(names, source.name);
    std::ranges::sort(names);
    return names;
}

std::string Pages::fragment_of(Language language, std::string_view name, const ViewType& type, const void* view) const {
    std::string out;
    render(*inner_->program(name, type, language), view, out);
    return out;
}

http::Response Pages::page_of(const Shell& shell, std::string_view name, const ViewType& type, const void* view,
                              int status) const {
    auto around = shell_view(shell, services(shell.language));
    render(*inner_->program(name, type, shell.language), view, around.content.text);
    std::string out;
    out.reserve(around.content.text.size() + 8 * 1024);
    render(*inner_->program(shell_template(shell.kind), view_type<ShellView>(), shell.language), &around, out);

    http::Response response{.status = status, .body = std::move(out)};
    response.headers.set("Content-Type", "text/html; charset=utf-8");
    response.headers.set("Content-Language", code(shell.language));
    if (shell.private_page) response.headers.set("Cache-Control", "private, no-store");
    response.headers.set("Content-Security-Policy", inner_->policy);
    response.headers.set("X-Content-Type-Options", "nosniff");
    // Not no-referrer: with it browsers send `Origin: null` on form posts, and the origin check would refuse them.
    response.headers.set("Referrer-Policy", "same-origin");
    response.headers.set("Cross-Origin-Opener-Policy", "same-origin");
    response.headers.set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), browsing-topics=()");
    return response;
}

} // namespace preau::web
