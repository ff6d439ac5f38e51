# SPDX-License-Identifier: Apache-2.0
# What we ask of the compiler, the warnings our own code is built with, and the sanitizers.
include(CheckCXXSourceCompiles)
include(CMakePushCheckState)

function(twintls_require_expected)
    cmake_push_check_state(RESET)
    set(CMAKE_CXX_STANDARD 23)
    set(CMAKE_CXX_STANDARD_REQUIRED ON)
    set(CMAKE_REQUIRED_QUIET ON)
    check_cxx_source_compiles("
        #include <expected>
        int main() { return std::expected<int, int>{0}.value_or(1); }
    " TWINTLS_HAS_STD_EXPECTED)
    cmake_pop_check_state()
    if(NOT TWINTLS_HAS_STD_EXPECTED)
        message(FATAL_ERROR
            "twintls needs C++23 with std::expected, which ${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION} "
            "(${CMAKE_CXX_COMPILER}) with its standard library does not offer.\n"
            "Use g++ 12 or newer, or clang++ 19 or newer with libstdc++ 12 or newer; choose the compiler with "
            "-DCMAKE_CXX_COMPILER=... in an empty build folder.")
    endif()
endfunction()
twintls_require_expected()

# Linked by our own tests, examples and benchmarks; never by users.
add_library(twintls_warnings INTERFACE)
target_compile_options(twintls_warnings INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-Wall;-Wextra;-Wpedantic;-Wconversion;-Wshadow;-Werror>)

# Directory options on purpose: they reach both C libraries and everything of ours, as a sanitizer must. Users of twintls::core
# get them from there.
if(TWINTLS_SANITIZE)
    set(twintls_sanitizer_options -fsanitize=${TWINTLS_SANITIZE} -fno-omit-frame-pointer)
    if(TWINTLS_SANITIZE MATCHES "undefined")
        list(APPEND twintls_sanitizer_options -fno-sanitize-recover=undefined)
    endif()
    add_compile_options(${twintls_sanitizer_options})
    add_link_options(-fsanitize=${TWINTLS_SANITIZE})
endif()

# Directory options too: a fuzzer finds its way by what the C libraries do with an input.
if(TWINTLS_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link "-fsanitize-coverage-ignorelist=${PROJECT_SOURCE_DIR}/tests/fuzz/no_coverage.txt")
endif()

# Directory options too: a library that is not built so is the way in. Fortified calls need an optimiser.
if(TWINTLS_HARDENED)
    include(CheckCompilerFlag)
    foreach(flag IN ITEMS -fstack-protector-strong -fstack-clash-protection -fcf-protection)
        string(MAKE_C_IDENTIFIER "TWINTLS_HAS${flag}" has)
        check_compiler_flag(C ${flag} ${has})
        if(${has})
            add_compile_options($<$<COMPILE_LANGUAGE:C,CXX>:${flag}>)
        endif()
    endforeach()
    # By an option, not by CMAKE_POSITION_INDEPENDENT_CODE: a precompiled header has the same then as the programs that use it.
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fPIE>)
    if(CMAKE_BUILD_TYPE STREQUAL "Release" OR CMAKE_CXX_FLAGS_DEBUG MATCHES "-O[12]")
        add_compile_options($<$<COMPILE_LANGUAGE:C,CXX>:-U_FORTIFY_SOURCE> $<$<COMPILE_LANGUAGE:C,CXX>:-D_FORTIFY_SOURCE=2>)
    endif()
    add_link_options($<$<PLATFORM_ID:Linux>:-Wl,-z,relro,-z,now,-z,noexecstack> $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-pie>)
endif()

# Our own copy of a C library is optimised whatever the build type, so that a debug build of a program is not
# a hundred times slower in its handshakes. Sanitizers stay at -O1 for readable reports.
function(twintls_tune_c_library target level)
    set_target_properties(${target} PROPERTIES C_STANDARD 99 C_EXTENSIONS ON C_CLANG_TIDY "" POSITION_INDEPENDENT_CODE ON
        C_VISIBILITY_PRESET default INTERPROCEDURAL_OPTIMIZATION OFF)
    if(TWINTLS_SANITIZE)
        set(level -O1)
    endif()
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:C>:${level};-Werror=implicit-function-declaration;$<$<C_COMPILER_ID:GNU>:-Wno-stringop-overflow;-Wno-tsan>>)
    target_compile_definitions(${target} PRIVATE NDEBUG)
endfunction()

# ON where the x86-64 assembly and intrinsics of the C libraries can be compiled. They are chosen at run time by
# CPUID, so that the result still runs on the oldest x86-64.
if(NOT TWINTLS_PORTABLE_CRYPTO AND CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|amd64|AMD64)$" AND CMAKE_SIZEOF_VOID_P EQUAL 8
   AND NOT APPLE AND NOT WIN32)
    set(TWINTLS_X86_64_CRYPTO ON)
else()
    set(TWINTLS_X86_64_CRYPTO OFF)
endif()
