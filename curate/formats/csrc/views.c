/* Views as an Arrow array (arrow.apache.org/docs/format/CDataInterface.html) that keeps its buffers alive. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdlib.h>
#include <string.h>

#include "../../similarity/csrc/arrow.h"

enum { VALID, VIEWS, DATA, MORE, SIZES, BUFFERS };

typedef struct {
    PyObject *held[3]; /* the views, and the two buffers that they point into */
    int64_t sizes[2];
    const void *buffers[BUFFERS];
} Owner;

static void release_schema(struct ArrowSchema *schema) { schema->release = NULL; }

/* May be called on any thread, and after Python has ended. */
static void release_array(struct ArrowArray *array) {
    Owner *owner = array->private_data;
    if (Py_IsInitialized()) {
        PyGILState_STATE state = PyGILState_Ensure();
        for (int i = 0; i < 3; i++) Py_DECREF(owner->held[i]);
        PyGILState_Release(state);
    }
    free(owner);
    array->release = NULL;
}

static void end_schema(PyObject *capsule) {
    struct ArrowSchema *schema = PyCapsule_GetPointer(capsule, "arrow_schema");
    if (schema->release) schema->release(schema);
    free(schema);
}

static void end_array(PyObject *capsule) {
    struct ArrowArray *array = PyCapsule_GetPointer(capsule, "arrow_array");
    if (array->release) array->release(array);
    free(array);
}

static void fill(struct ArrowArray *array, Owner *owner, PyObject *views, PyObject *data, PyObject *more) {
    PyObject *held[] = {views, data, more};
    owner->buffers[VALID] = NULL;
    for (int i = 0; i < 3; i++) {
        Py_INCREF(held[i]);
        owner->held[i] = held[i];
        owner->buffers[VIEWS + i] = PyBytes_AsString(held[i]);
        if (i) owner->sizes[i - 1] = PyBytes_Size(held[i]);
    }
    owner->buffers[SIZES] = owner->sizes;
    array->length = PyBytes_Size(views) / 16;
    array->n_buffers = BUFFERS;
    array->buffers = owner->buffers;
    array->release = release_array;
    array->private_data = owner;
}

/* column(format, views, data, more): the capsules of an array of views without nulls. */
PyObject *py_column(PyObject *self, PyObject *args) {
    int is_text;
    PyObject *views, *data, *more, *first, *second;
    if (!PyArg_ParseTuple(args, "pSSS", &is_text, &views, &data, &more)) return NULL;
    struct ArrowSchema *schema = calloc(1, sizeof(*schema));
    struct ArrowArray *array = calloc(1, sizeof(*array));
    Owner *owner = calloc(1, sizeof(*owner));
    if (!schema || !array || !owner) {
        free(schema);
        free(array);
        free(owner);
        return PyErr_NoMemory();
    }
    schema->format = is_text ? "vu" : "vz";
    schema->name = "";
    schema->release = release_schema;
    fill(array, owner, views, data, more);
    first = PyCapsule_New(schema, "arrow_schema", end_schema);
    second = PyCapsule_New(array, "arrow_array", end_array);
    return Py_BuildValue("(NN)", first, second);
}
