// For tests only: stops N+1, the page that asks one query per row.
//
//   CHECK_QUERIES(tx, 3, page = topics_page(tx, world, viewer, category)); // at most three
#pragma once

#include "db/database.hpp"

#include <doctest/doctest.h>

#define CHECK_QUERIES(tx, most, ...)                                                                                   \
    do {                                                                                                               \
        const auto queries_before_ = (tx).query_count();                                                               \
        __VA_ARGS__;                                                                                                   \
        CHECK((tx).query_count() - queries_before_ <= (most));                                                         \
    } while (false)
