#include "template_program.hpp"
#include "web/template.hpp"

#include <array>

namespace preau::web {
namespace {

constexpr auto needs_escape = [] {
    std::array<bool, 256> table{};
    for (char c : {'&', '<', '>', '"', '\''}) table[static_cast<unsigned char>(c)] = true;
    return table;
}();

std::string_view entity(char c) {
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    default: return "&#39;";
    }
}

void append_escaped(std::string& out, std::string_view text) {
    std::size_t written = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!needs_escape[static_cast<unsigned char>(text[i])]) continue;
        out.append(text, written, i - written);
        out += entity(text[i]);
        written = i + 1;
    }
    out.append(text, written);
}

struct Loop {
    const void* list = nullptr;
    std::size_t index = 0;
    std::size_t count = 0;
};

class Run {
public:
    Run(const Template& compiled, const void* view, std::string& out) : program_{compiled}, out_{out} {
        frames_[0] = view;
    }

    void all() {
        for (std::size_t at = 0; at < program_.steps.size();) at = step(program_.steps[at], at);
    }

private:
    const void* address(const Step& step) const {
        return static_cast<const char*>(frames_[step.frame]) + step.member->offset;
    }

    std::size_t step(const Step& step, std::size_t at) {
        switch (step.kind) {
        case Step::Kind::Literal: out_.append(program_.text, step.a, step.b); break;
        case Step::Kind::Text: append_escaped(out_, step.member->text(address(step), scratch_)); break;
        case Step::Kind::Raw: out_ += step.member->text(address(step), scratch_); break;
        case Step::Kind::Unless: return step.member->truth(address(step)) ? step.a : at + 1;
        case Step::Kind::If: return step.member->truth(address(step)) ? at + 1 : step.a;
        case Step::Kind::Enter: frames_[step.target] = step.member->element(address(step), 0); break;
        case Step::Kind::Each: return first(step, at);
        case Step::Kind::Next: return next(step, at);
        }
        return at + 1;
    }

    std::size_t first(const Step& step, std::size_t at) {
        auto& loop = loops_[step.target];
        loop = {.list = address(step), .index = 0, .count = step.member->count(address(step))};
        if (loop.count == 0) return step.a;
        frames_[step.target] = step.member->element(loop.list, 0);
        return at + 1;
    }

    std::size_t next(const Step& step, std::size_t at) {
        auto& loop = loops_[step.target];
        if (++loop.index == loop.count) return at + 1;
        frames_[step.target] = step.member->element(loop.list, loop.index);
        return step.a;
    }

    const Template& program_;
    std::string& out_;
    std::string scratch_;
    std::array<const void*, most_frames> frames_{};
    std::array<Loop, most_frames> loops_{};
};

} // namespace

void render(const Template& compiled, const void* view, std::string& out) {
    out.reserve(out.size() + compiled.expected);
    Run{compiled, view, out}.all();
}

} // namespace preau::web
