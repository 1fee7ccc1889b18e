# Libraries with levels. A dependency must stand on a strictly lower level, else configuring fails; include roots are per
# library, so that a missing dependency does not compile; third-party libraries are PRIVATE, so that no public header
# can include them.
#
#   preau_library(db LAYER 1 DEPS base PRIVATE PkgConfig::sqlite3 PkgConfig::libpq
#                 SOURCES src/sqlite.cpp … TESTS src/sqlite_test.cpp …)
#   preau_app(files DEPS sharing web blob SOURCES … TESTS … )       # level 9: an app can never depend on an app
#   preau_program(preau DEPS files portal SOURCES main.cpp)         # level 10
#   preau_embed(files_pages ROOT ${CMAKE_CURRENT_SOURCE_DIR}/.. FILES a.html b.html)  # → preau::embedded::files_pages()

set(PREAU_LAYER_app 9)

add_library(preau_pch INTERFACE)
# One precompiled header of the standard set; every target reuses the one of `base`.
set(PREAU_PCH_HEADERS <algorithm> <array> <chrono> <cstdint> <expected> <functional> <map> <memory> <optional> <span>
    <string> <string_view> <utility> <variant> <vector>)

function(preau_check_layers name layer)
    foreach(dependency ${ARGN})
        get_property(lower GLOBAL PROPERTY PREAU_LAYER_${dependency})
        if("${lower}" STREQUAL "")
            message(FATAL_ERROR "${name}: there is no library called ${dependency} (yet): check the order in CMakeLists.txt")
        endif()
        if(NOT lower LESS layer)
            message(FATAL_ERROR "${name} (layer ${layer}) may not depend on ${dependency} (layer ${lower}): "
                                "dependencies point downwards only, see ARCHITECTURE.md")
        endif()
    endforeach()
endfunction()

function(preau_common target)
    if(target STREQUAL "base")
        target_compile_options(base PRIVATE -Xclang -fno-pch-timestamp)
        target_precompile_headers(base PRIVATE ${PREAU_PCH_HEADERS})
    else()
        target_compile_options(${target} PRIVATE -Xclang -fno-pch-timestamp)
        target_precompile_headers(${target} REUSE_FROM base)
    endif()
endfunction()

# Tests are compiled without optimisation: it took half of their time, and what they test is optimised in its library.
# That is another precompiled header (clang refuses one of other flags).
function(preau_common_test target)
    if(NOT TARGET test_pch)
        file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/test_pch.cpp CONTENT "")
        add_library(test_pch OBJECT ${CMAKE_BINARY_DIR}/test_pch.cpp)
        target_compile_options(test_pch PRIVATE -Xclang -fno-pch-timestamp -O0)
        target_precompile_headers(test_pch PRIVATE ${PREAU_PCH_HEADERS} <doctest/doctest.h>)
        add_library(test_main STATIC ${CMAKE_SOURCE_DIR}/cmake/test_main.cpp)
    endif()
    target_compile_options(${target} PRIVATE -Xclang -fno-pch-timestamp -O0)
    target_precompile_headers(${target} REUSE_FROM test_pch)
    target_link_libraries(${target} PRIVATE test_main)
endfunction()

function(preau_library name)
    cmake_parse_arguments(ARG "" "LAYER" "DEPS;PRIVATE;SOURCES;TESTS;TEST_DEPS" ${ARGN})
    preau_check_layers(${name} ${ARG_LAYER} ${ARG_DEPS})
    set_property(GLOBAL PROPERTY PREAU_LAYER_${name} ${ARG_LAYER})
    add_library(${name} STATIC ${ARG_SOURCES})
    file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/include/${name}/*.hpp)
    target_sources(${name} PUBLIC FILE_SET HEADERS BASE_DIRS include FILES ${headers})
    target_include_directories(${name} PUBLIC include PRIVATE src)
    target_link_libraries(${name} PUBLIC ${ARG_DEPS} fmt::fmt Boost::headers PRIVATE ${ARG_PRIVATE} Threads::Threads)
    set_target_properties(${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
    preau_common(${name})
    preau_test(${name} "${ARG_TESTS}" "${ARG_TEST_DEPS}" "${ARG_PRIVATE}")
endfunction()

function(preau_app name)
    cmake_parse_arguments(ARG "" "" "DEPS;PRIVATE;SOURCES;TESTS;TEST_DEPS" ${ARGN})
    preau_check_layers(${name} ${PREAU_LAYER_app} ${ARG_DEPS})
    set_property(GLOBAL PROPERTY PREAU_LAYER_${name} ${PREAU_LAYER_app})
    add_library(${name} STATIC ${ARG_SOURCES})
    # The one public header of an app is apps/NAME/NAME.hpp, included as "NAME/NAME.hpp".
    target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR}/apps)
    target_link_libraries(${name} PUBLIC ${ARG_DEPS} PRIVATE ${ARG_PRIVATE} Threads::Threads)
    preau_common(${name})
    preau_test(${name} "${ARG_TESTS}" "${ARG_TEST_DEPS}" "${ARG_PRIVATE}")
endfunction()

function(preau_program name)
    cmake_parse_arguments(ARG "" "" "DEPS;PRIVATE;SOURCES" ${ARGN})
    preau_check_layers(${name} 10 ${ARG_DEPS})
    add_executable(${name} ${ARG_SOURCES})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
    target_link_libraries(${name} PRIVATE ${ARG_DEPS} ${ARG_PRIVATE} Threads::Threads)
    preau_common(${name})
endfunction()

function(preau_unsanitized target)
    if(PREAU_SANITIZE)
        target_compile_options(${target} PRIVATE -fno-sanitize=all)
        target_link_options(${target} PRIVATE -fno-sanitize=all)
    endif()
endfunction()

# A program of the sandbox's Strict profile: links the worker's half of libs/sandbox and no library of ours.
function(preau_worker name)
    cmake_parse_arguments(ARG "" "" "PRIVATE;SOURCES" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE sandbox_worker ${ARG_PRIVATE})
    preau_unsanitized(${name})
endfunction()

# One doctest binary per library or app: `NAME_test`, label `fast`. Those that share the tests' PostgreSQL run one after
# the other: a transaction of one holds back the events of another (pg_snapshot_xmin is the cluster's).
function(preau_test name sources deps private)
    if(NOT PREAU_TESTS OR NOT sources)
        return()
    endif()
    add_executable(${name}_test ${sources})
    target_include_directories(${name}_test PRIVATE src)
    target_compile_definitions(${name}_test PRIVATE PREAU_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    target_link_libraries(${name}_test PRIVATE ${name} ${deps} ${private} Threads::Threads)
    preau_common_test(${name}_test)
    add_test(NAME ${name}_test COMMAND ${name}_test)
    set_tests_properties(${name}_test PROPERTIES LABELS fast TIMEOUT 900 RESOURCE_LOCK postgres)
endfunction()

# Files in the binary: `std::span<const preau::EmbeddedFile> preau::embedded::SYMBOL()`.
function(preau_embed target symbol)
    cmake_parse_arguments(ARG "" "ROOT" "FILES" ${ARGN})
    set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded_${symbol}.cpp)
    add_custom_command(OUTPUT ${output}
        COMMAND node ${CMAKE_SOURCE_DIR}/cmake/embed.mjs ${output} ${symbol} ${ARG_ROOT} ${ARG_FILES}
        DEPENDS ${ARG_FILES} ${CMAKE_SOURCE_DIR}/cmake/embed.mjs
        VERBATIM)
    target_sources(${target} PRIVATE ${output})
    set_source_files_properties(${output} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
endfunction()
