# SPDX-License-Identifier: Apache-2.0
# twintls::doctest: doctest 2.4 or newer, from the system or from its pinned release.
add_library(twintls_doctest INTERFACE)
add_library(twintls::doctest ALIAS twintls_doctest)

if(NOT TWINTLS_FORCE_SOURCE_BUILDS)
    find_package(doctest 2.4 CONFIG QUIET)
endif()
if(TARGET doctest::doctest AND NOT TWINTLS_FORCE_SOURCE_BUILDS)
    message(STATUS "twintls: doctest ${doctest_VERSION} from the system")
    target_link_libraries(twintls_doctest INTERFACE doctest::doctest)
else()
    twintls_source(doctest)
    # doctest/doctest.h and, as some distributions install it, doctest.h.
    target_include_directories(twintls_doctest SYSTEM INTERFACE "${doctest_DIR_SOURCE}" "${doctest_DIR_SOURCE}/doctest")
endif()
