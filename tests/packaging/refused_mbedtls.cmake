# SPDX-License-Identifier: Apache-2.0
# Looks for a system's Mbed TLS where there is only the one made up here: 3.6.5 is taken; 3.6.6 is refused by name with
# the reason, and taken anyway when the user says so.
file(REMOVE_RECURSE "${WORK_DIR}")
file(WRITE "${WORK_DIR}/project/CMakeLists.txt" [[
cmake_minimum_required(VERSION 3.25)
project(looks LANGUAGES NONE)
include("${TWINTLS_TREE}/cmake/TwintlsSystemLibraries.cmake")
twintls_find_system_mbedtls()
if(TARGET twintls::system_mbedtls)
    message(STATUS "taken")
endif()
]])

# looks(<version> <regex that the output must match> [<option>...])
function(looks version expected)
    set(prefix "${WORK_DIR}/${version}")
    file(WRITE "${prefix}/include/mbedtls/version.h" "")
    file(WRITE "${prefix}/include/mbedtls/build_info.h" "#define MBEDTLS_VERSION_STRING         \"${version}\"\n")
    foreach(library IN ITEMS mbedtls mbedx509 mbedcrypto)
        file(WRITE "${prefix}/lib/lib${library}.a" "")
    endforeach()
    file(REMOVE_RECURSE "${WORK_DIR}/build")
    execute_process(COMMAND "${CMAKE_COMMAND}" -S "${WORK_DIR}/project" -B "${WORK_DIR}/build" -G "${GENERATOR}"
        -D "TWINTLS_TREE=${TWINTLS_TREE}" -D "CMAKE_PREFIX_PATH=${prefix}" -D CMAKE_DISABLE_FIND_PACKAGE_MbedTLS=ON
        ${ARGN} OUTPUT_VARIABLE said ERROR_VARIABLE said)
    if(NOT said MATCHES "${expected}")
        message(FATAL_ERROR "Mbed TLS ${version} ${ARGN}: expected \"${expected}\", got\n${said}")
    endif()
endfunction()

looks(3.6.5 "Mbed TLS 3.6.5 from the system\n-- taken")
looks(3.6.6 "3.6.6 is refused: [^\n]*RSA-PSS[^\n]*\n-- Configuring done")
looks(3.6.6 "Mbed TLS 3.6.6 from the system\n-- taken" -D TWINTLS_ACCEPT_MBEDTLS_3_6_6=ON)
looks(3.7.0 "3.7.0 does not fit")
file(REMOVE_RECURSE "${WORK_DIR}")
