#include "base/embedded.hpp"
#include "sharing/tree.hpp"

namespace preau::embedded {
std::span<const EmbeddedFile> sharing_migrations();
}

namespace preau::sharing {

std::vector<db::Migration> migrations() {
    std::vector<db::Migration> list;
    for (const auto& file : embedded::sharing_migrations())
        list.push_back({.name = "sharing/" + std::string{file.name}, .sql = std::string{file.data}});
    std::ranges::sort(list, {}, &db::Migration::name);
    return list;
}

} // namespace preau::sharing
