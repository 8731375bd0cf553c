# keisei_messages(NAME files...): the static library NAME of the message classes that protoc makes of .proto files.
# They are included as <messages/STEM.pb.h>. Generated code is not held to our warnings.
find_package(Protobuf REQUIRED)
if(NOT TARGET protobuf::protoc)
  message(FATAL_ERROR "protoc is missing (Debian: protobuf-compiler)")
endif()

function(keisei_messages NAME)
  set(folder ${PROJECT_BINARY_DIR}/generated/messages)
  file(MAKE_DIRECTORY ${folder})
  set(sources)
  foreach(proto ${ARGN})
    cmake_path(GET proto STEM stem)
    cmake_path(GET proto PARENT_PATH parent)
    add_custom_command(
      OUTPUT ${folder}/${stem}.pb.cc ${folder}/${stem}.pb.h
      COMMAND protobuf::protoc --proto_path=${PROJECT_SOURCE_DIR}/${parent} --cpp_out=${folder} ${stem}.proto
      DEPENDS ${PROJECT_SOURCE_DIR}/${proto}
      VERBATIM)
    list(APPEND sources ${folder}/${stem}.pb.cc)
  endforeach()
  add_library(${NAME} STATIC ${sources})
  target_compile_options(${NAME} PRIVATE -w)
  target_include_directories(${NAME} SYSTEM PUBLIC ${PROJECT_BINARY_DIR}/generated)
  target_link_libraries(${NAME} PUBLIC keisei_flags protobuf::libprotobuf)
endfunction()
