#!/bin/sh
# Builds merlin.so: build.sh OUTPUT [SOURCE]. Without a compiler or jni.h it says so and leaves it out; the jars are built all the same.
set -eu
out=$1
source=${2:-$(dirname "$0")/merlin.c}
java=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}
cc=${CC:-cc}
if ! command -v "$cc" >/dev/null 2>&1 || [ ! -f "$java/include/jni.h" ]; then
  echo "merlin.so is not built: no C compiler ($cc) or no jni.h below $java; install gcc and a JDK" >&2
  exit 0
fi
mkdir -p "$(dirname "$out")"
"$cc" -std=gnu11 -O2 -g -fPIC -shared -Wall -Wextra -Werror -fvisibility=default -Wl,-z,nodelete -Wl,-z,now \
  -I"$java/include" -I"$java/include/linux" -o "$out" "$source" -ldl -lpthread
