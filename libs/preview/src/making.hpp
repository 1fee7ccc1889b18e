// One preview: the bytes go through one or two processes of the sandbox. Blocks: for the threads of Previews.
#pragma once

#include "recipes.hpp"

namespace preau::preview {

class Dish { // bytes in memory, without a name
public:
    Dish();
    ~Dish();
    Dish(Dish&& other) noexcept;
    Dish& operator=(Dish&& other) noexcept;
    int descriptor() const { return descriptor_; }
    std::uint64_t size() const;

private:
    int descriptor_ = -1;
};

struct Bytes { // a part of an open file
    int descriptor = -1;
    std::uint64_t offset = 0, length = 0;
};

// Errors: preview.impossible, preview.off. Of a document other than PDF and pictures, Thumbnail and Large are made of
// its Document: the caller gives that.
Result<Dish> make_dish(sandbox::Sandbox& sandbox, const Tools& tools, What what, Kind kind,
                       const std::string& media_type, const Bytes& bytes);
std::string_view type_of(What what);

} // namespace preau::preview
