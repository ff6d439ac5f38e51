# SPDX-License-Identifier: Apache-2.0
# Preprocesses macros.cpp without and with the backends' headers, by the build's own command: they may add only macros
# that begin with a prefix of twintls or Mbed TLS. (The whole of the standard library that they need is in <tls/tls.hpp>
# already.)
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/../compile_command.cmake")
twintls_compile_command("${COMMANDS}" modes/macros.cpp command)

function(macros_of out)
    execute_process(COMMAND ${command} -E -dM ${ARGN} OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
    string(REGEX MATCHALL "#define [A-Za-z0-9_]+" names "${text}")
    set(${out} "${names}" PARENT_SCOPE)
endfunction()
macros_of(without)
macros_of(with -DWITH_BACKENDS)

list(REMOVE_ITEM with ${without} "#define WITH_BACKENDS")
list(LENGTH with all)
list(FILTER with EXCLUDE REGEX "^#define (TWINTLS|MBEDTLS|PSA)_")
list(LENGTH with strangers)
message(STATUS "${all} macros come with the backends' headers")
if(all EQUAL 0)
    message(FATAL_ERROR "Not even Mbed TLS's own: nothing was compared")
elseif(strangers GREATER 0)
    list(JOIN with "\n" with)
    message(FATAL_ERROR "${strangers} of them have another prefix:\n${with}")
endif()
