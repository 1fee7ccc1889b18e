# Compiler and flags for everything. g++ 12 miscompiles coroutines (docs/traps.md), so it is refused, not warned about.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14)
    message(FATAL_ERROR "g++ ${CMAKE_CXX_COMPILER_VERSION} miscompiles coroutines (docs/traps.md). "
                        "Use clang-19: cmake --preset dev, or ./do build.")
endif()

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS ON) # TRY() is a statement expression
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

option(PREAU_TESTS "Build the tests" ON)
option(PREAU_FUZZ "Build the fuzzers" OFF)
set(PREAU_SANITIZE "" CACHE STRING "address,undefined or thread")

find_program(ccache_program ccache)
if(ccache_program)
    set(CMAKE_CXX_COMPILER_LAUNCHER
        ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_MAXSIZE=5G ${ccache_program})
endif()

add_compile_options(-Wall -Wextra -Wshadow -Wconversion -Werror
    -Wno-gnu-statement-expression -Wno-missing-designated-field-initializers -Wno-missing-field-initializers
    -fno-omit-frame-pointer -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
add_compile_definitions($<$<NOT:$<CONFIG:Release>>:_GLIBCXX_ASSERTIONS>)

if(PREAU_SANITIZE)
    add_compile_options(-fsanitize=${PREAU_SANITIZE} -fno-sanitize-recover=all -g1)
    add_link_options(-fsanitize=${PREAU_SANITIZE} -fuse-ld=lld-19)
else()
    add_link_options(-fuse-ld=mold)
endif()
