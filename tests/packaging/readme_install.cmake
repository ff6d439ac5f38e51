# SPDX-License-Identifier: Apache-2.0
# cmake -D WORK_DIR=<folder> [-D SOURCES_DIR=<folder>] -P readme_install.cmake
#
# Installs a copy of this tree with the very commands of the README, and configures a project that finds the package. Builds both
# C libraries again, so .ci/run does it and the tests do not.
cmake_minimum_required(VERSION 3.25)
cmake_path(SET tree NORMALIZE "${CMAKE_CURRENT_LIST_DIR}/../..")
cmake_path(ABSOLUTE_PATH WORK_DIR NORMALIZE)
file(STRINGS "${tree}README.md" lines REGEX "^#   cmake ")
list(LENGTH lines count)
if(count LESS 2)
    message(FATAL_ERROR "README.md has ${count} lines that begin with \"#   cmake\"")
endif()

file(REMOVE_RECURSE "${WORK_DIR}")
file(COPY "${tree}CMakeLists.txt" "${tree}LICENSE" "${tree}SECURITY.md" "${tree}cmake" "${tree}include" "${tree}backends" DESTINATION "${WORK_DIR}/tree")
if(SOURCES_DIR) # with the archives that were downloaded before
    file(MAKE_DIRECTORY "${WORK_DIR}/tree/build")
    file(CREATE_LINK "${SOURCES_DIR}" "${WORK_DIR}/tree/build/_sources" SYMBOLIC)
endif()
foreach(line IN LISTS lines)
    string(REGEX REPLACE "^# *" "" line "${line}")
    string(REPLACE "<where>" "${WORK_DIR}/prefix" line "${line}")
    separate_arguments(command UNIX_COMMAND "${line}")
    execute_process(COMMAND ${command} WORKING_DIRECTORY "${WORK_DIR}/tree" COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endforeach()
execute_process(COMMAND "${CMAKE_COMMAND}" -S "${CMAKE_CURRENT_LIST_DIR}/find_package" -B "${WORK_DIR}/build"
    -D "CMAKE_PREFIX_PATH=${WORK_DIR}/prefix" COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
file(REMOVE_RECURSE "${WORK_DIR}")
