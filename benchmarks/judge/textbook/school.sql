CREATE TABLE students (
    student_id INTEGER PRIMARY KEY,
    name VARCHAR NOT NULL,
    born DATE,
    house VARCHAR
);
CREATE TABLE courses (
    course_id INTEGER PRIMARY KEY,
    title VARCHAR NOT NULL,
    credits SMALLINT NOT NULL
);
CREATE TABLE grades (
    student_id INTEGER REFERENCES students (student_id),
    course_id INTEGER REFERENCES courses (course_id),
    term INTEGER,
    score INTEGER CHECK (score BETWEEN 0 AND 100),
    PRIMARY KEY (student_id, course_id, term)
);
